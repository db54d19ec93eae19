-- SPDX-License-Identifier: Apache-2.0
-- The catalogue of situations. act11: the eleven acts that endanger a target, decree 39/2021/NĐ-CP (in force
-- 15 May 2021; read in excerpts of law portals, English titles are ours). plan: the situations of the
-- protection plans. An open incident takes up further alerts of its family.
INSERT INTO situation (code, title_vi, title_en, grp, family, law, valid_from, valid_to, at) VALUES
('illegal_entry', 'Xâm nhập trái phép mục tiêu, vọng gác', 'Illegal entry into the target or a post', 'act11', 'entry', 'nd39-2021', '2021-05-15', NULL, 1),
('kite_balloon_uav', 'Thả diều, bóng bay, phương tiện bay trong khu vực mục tiêu', 'Kites, balloons or drones over the target', 'act11', 'air', 'nd39-2021', '2021-05-15', NULL, 2),
('throwing_objects', 'Ném, bắn vật vào mục tiêu', 'Throwing or shooting objects at the target', 'act11', 'attack', 'nd39-2021', '2021-05-15', NULL, 3),
('dumping_on_fence', 'Đổ, để vật liệu, chất thải sát tường rào mục tiêu', 'Dumping things against the fence', 'act11', 'perimeter', 'nd39-2021', '2021-05-15', NULL, 4),
('stop_park_5m', 'Dừng, đỗ xe trước cổng và trong phạm vi 5 m hai bên cổng', 'Stopping or parking at the gate or within 5 m of it', 'act11', 'perimeter', 'nd39-2021', '2021-05-15', NULL, 5),
('filming_sketching_prohibited', 'Quay phim, chụp ảnh, vẽ sơ đồ khu vực cấm', 'Filming or sketching a prohibited area', 'act11', 'perimeter', 'nd39-2021', '2021-05-15', NULL, 6),
('damage_climb_gate_fence', 'Phá hoại, trèo qua cổng, tường rào', 'Damaging or climbing the gate or fence', 'act11', 'entry', 'nd39-2021', '2021-05-15', NULL, 7),
('disrupting_agency', 'Gây cản trở hoạt động của cơ quan tại mục tiêu', 'Disrupting the work of the agency', 'act11', 'disorder', 'nd39-2021', '2021-05-15', NULL, 8),
('force_threat_disobey_guard', 'Dùng vũ lực, đe dọa, không chấp hành yêu cầu của lực lượng bảo vệ', 'Force, threats or disobedience against the guard', 'act11', 'attack', 'nd39-2021', '2021-05-15', NULL, 9),
('crowd_disorder_at_target', 'Tụ tập đông người, gây rối trật tự tại mục tiêu', 'Crowd or disorder at the target', 'act11', 'disorder', 'nd39-2021', '2021-05-15', NULL, 10),
('other', 'Hành vi khác xâm hại mục tiêu', 'Other act that endangers the target', 'act11', 'other', 'nd39-2021', '2021-05-15', NULL, 11),
('intrusion', 'Đột nhập', 'Intrusion', 'plan', 'entry', NULL, NULL, NULL, 20),
('vault_robbery', 'Đột nhập, cướp kho tiền', 'Break-in or robbery at the vault', 'plan', 'entry', NULL, NULL, NULL, 21),
('robbery', 'Cướp tài sản', 'Robbery', 'plan', 'attack', NULL, NULL, NULL, 22),
('theft', 'Trộm cắp tài sản', 'Theft', 'plan', 'entry', NULL, NULL, NULL, 23),
('terrorism', 'Khủng bố', 'Terrorism', 'plan', 'attack', NULL, NULL, NULL, 24),
('sabotage', 'Phá hoại', 'Sabotage', 'plan', 'entry', NULL, NULL, NULL, 25),
('hostage', 'Bắt cóc con tin', 'Hostage taking', 'plan', 'attack', NULL, NULL, NULL, 26),
('bomb_threat', 'Đe dọa đặt bom, phát hiện vật nghi nổ', 'Bomb threat or suspicious object', 'plan', 'attack', NULL, NULL, NULL, 27),
('fire', 'Cháy, nổ', 'Fire or explosion', 'plan', 'fire', NULL, NULL, NULL, 28),
('crowd_petition', 'Khiếu kiện đông người, vượt cấp', 'Crowd or above-level petition', 'plan', 'disorder', NULL, NULL, NULL, 29),
('disorder', 'Gây rối trật tự công cộng', 'Public disorder', 'plan', 'disorder', NULL, NULL, NULL, 30),
('leaflet', 'Phát tán tờ rơi (chỉ hành vi rải, phát)', 'Leaflet distribution (the physical act only)', 'plan', 'disorder', NULL, NULL, NULL, 31),
('medical', 'Cấp cứu người bị nạn', 'Medical emergency', 'plan', 'medical', NULL, NULL, NULL, 32),
('natural_disaster', 'Thiên tai, ngập lụt', 'Natural disaster or flood', 'plan', 'fire', NULL, NULL, NULL, 33),
('technical', 'Sự cố kỹ thuật, mất điện, mất tín hiệu', 'Technical failure, power or signal loss', 'plan', 'technical', NULL, NULL, NULL, 34);
