-- SPDX-License-Identifier: Apache-2.0
-- Forces that may hold a post, as data.
INSERT INTO force_type (code, name_vi, name_en, at) VALUES
('police', 'Cảnh sát bảo vệ mục tiêu', 'Target-protection police', 1),
('guard', 'Lực lượng bảo vệ chuyên trách', 'Dedicated guards', 2),
('selfdef', 'Lực lượng tự vệ', 'Self-defence force', 3),
('fire', 'Đội phòng cháy, chữa cháy cơ sở', 'Facility fire team', 4),
('host', 'Cán bộ cơ quan chủ quản', 'Staff of the host agency', 5);
