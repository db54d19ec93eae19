# SPDX-License-Identifier: Apache-2.0
"""Writes the list of the import test to the path given: an XLSX as it comes, with merged titles above the header,
the numbers of the columns below it, a telephone that became a number, letters in pieces (NFD), a unit merged over
three rows, dates of two kinds, an empty row, a formula nobody computed, a sum at the end."""
import datetime
import sys
import unicodedata

import openpyxl

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "DS bảo vệ"
sheet["A1"] = "CÔNG AN TỈNH MẪU"
sheet["A2"] = "DANH SÁCH CÁN BỘ, CHIẾN SĨ BẢO VỆ MỤC TIÊU"
sheet.merge_cells("A1:G1")
sheet.merge_cells("A2:G2")
sheet.append([])
sheet.append(["TT", "Họ và tên", "Số hiệu CAND", "Cấp bậc, hàm", "Phòng, đội", "Số ĐT", "Ngày nhận công tác"])
sheet.append([f"({i})" for i in range(1, 8)])
sheet.append([1, unicodedata.normalize("NFD", "Nguyễn Văn Thí Điểm"), 351001, "Thượng úy", "BVMT-1", 912000111,
              datetime.date(2024, 3, 5)])
sheet.append([2, "Trần Thị Mẫu Mực", "351002", "Đại úy", None, "0912.000.112", "1/9/2023"])
sheet.append([3, "Lê Hữu Giả Định", "351003", "Trung sĩ", None, 912000113, None])
sheet.merge_cells("E6:E8")
sheet["C6"].number_format = "0000000"
sheet.append([])
sheet.append([4, "Phạm Thử", "=A1&1", "Hạ sĩ", "Đội không có", "12", None])
sheet.append([None, "Tổng cộng: 4 người"])
book.save(sys.argv[1])
