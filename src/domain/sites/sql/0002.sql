-- SPDX-License-Identifier: Apache-2.0
-- Legal bases, as dated data. certainty: A article text read, B excerpt of a law portal or the press.
INSERT INTO law_ref (code, title_vi, title_en, about, certainty, valid_from, valid_to, at) VALUES
('nd37-2009', 'Nghị định 37/2009/NĐ-CP', 'Decree 37/2009', 'Mục tiêu do Cảnh sát nhân dân vũ trang canh gác bảo vệ', 'B', NULL, NULL, 1),
('nd39-2021', 'Nghị định 39/2021/NĐ-CP', 'Decree 39/2021', '11 hành vi xâm hại mục tiêu; danh mục mục tiêu', 'B', '2021-05-15', NULL, 2),
('tt01-2011', 'Thông tư 01/2011/TT-BCA', 'Circular 01/2011', 'Công tác canh gác bảo vệ mục tiêu; vọng gác, quân số', 'B', NULL, NULL, 3),
('tt20-2010', 'Thông tư 20/2010/TT-BCA', 'Circular 20/2010', 'Thủ tục đưa vào, đưa ra danh mục mục tiêu', 'B', NULL, NULL, 4),
('tt58-2015', 'Thông tư 58/2015/TT-BCA', 'Circular 58/2015', 'Tuần tra, kiểm soát: kế hoạch, phương án, báo cáo', 'A', NULL, NULL, 5),
('l04-2022', 'Luật Cảnh sát cơ động 04/2022/QH15', 'Law 04/2022 on the Mobile Police', 'Bảo vệ mục tiêu: canh gác, tuần tra, kiểm soát', 'A', NULL, NULL, 6),
('nd38-2005', 'Nghị định 38/2005/NĐ-CP', 'Decree 38/2005', 'Tập trung đông người nơi công cộng (từ 5 người)', 'A', NULL, NULL, 7);
