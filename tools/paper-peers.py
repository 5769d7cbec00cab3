#!/usr/bin/env python3
"""The invoice of `kontor bench --only papers`, laid out by two others: reportlab (by its layout, and bare) and WeasyPrint.

    python3 -m venv peers && peers/bin/pip install reportlab weasyprint && peers/bin/python tools/paper-peers.py

Same page, same sixty Chinese lines with their descriptions, same two faces, heads repeated on each sheet, page x of y. Prints papers
a second of processor time, and bytes. Nothing of Kontor needs this: it is how the ratios in ARCHITECTURE.md are taken.
"""
import io
import json
import sys
import time
from html import escape
from pathlib import Path

FACES = Path(__file__).resolve().parent.parent / "ui/node_modules/@expo-google-fonts/noto-sans-sc"
REGULAR, BOLD = FACES / "400Regular/NotoSansSC_400Regular.ttf", FACES / "700Bold/NotoSansSC_700Bold.ttf"
PRODUCTS = [
    ("通用大模型推理调用", "输入 12,480,113 词元，输出 3,208,554 词元"),
    ("图像生成", "1,204 张，1024×1024"),
    ("夜间批量推理", "按实际成功量计费，夜间折扣百分之五十"),
    ("向量化检索", "8,120,004 词元，含重排序"),
]
HEADS = ["序 No.", "项目 Item", "数量 Quantity", "不含税 Excl. tax", "税率 Rate", "税额 Tax", "价税合计 Incl. tax"]
WIDTHS = [28, 165, 80, 70, 40, 56, 60]


def yuan(fen):
    return f"{fen // 100:,}.{fen % 100:02}"


def content():
    rows, totals = [], [0, 0, 0]
    for at in range(60):
        product, description = PRODUCTS[at % 4]
        with_tax = 10_600 + (at * 7_919) % 900_000
        without = (with_tax * 100 + 53) // 106
        totals = [one + part for one, part in zip(totals, (without, with_tax - without, with_tax))]
        rows.append((str(at + 1), product, description, f"{12 + at * 37} 千词元", yuan(without), "6%", yuan(with_tax - without), yuan(with_tax)))
    parties = [
        ("销售方 Seller", ["基准测试示例科技有限公司", "91110000600037341L", "北京市海淀区示例路一号", "010-00000000", "示例银行北京支行 0200 0000 0000 0000 001"]),
        ("购买方 Buyer", ["上海样例数据技术（集团）股份有限公司", "91310000MA1FL00005", "上海市浦东新区世纪大道 1000 号", "021-00000000", "样例银行上海分行营业部 3100 0000 0000 0000 009"]),
    ]
    return rows, [yuan(total) for total in totals], parties


def with_reportlab():
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    pdfmetrics.registerFont(TTFont("Regular", str(REGULAR)))
    pdfmetrics.registerFont(TTFont("Bold", str(BOLD)))
    body = ParagraphStyle("body", fontName="Regular", fontSize=8.6, leading=12, wordWrap="CJK")
    bold = ParagraphStyle("bold", parent=body, fontName="Bold")

    class Counted(Canvas):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            self.kept = []

        def showPage(self):
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self):
            for number, page in enumerate(self.kept, 1):
                self.__dict__.update(page)
                self.setFont("Regular", 7)
                self.drawRightString(547, 40, f"第 {number} 页，共 {len(self.kept)} 页")
                super().showPage()
            super().save()

    def draw(number):
        rows, totals, parties = content()
        out = io.BytesIO()
        paper = SimpleDocTemplate(out, pagesize=A4, leftMargin=48, rightMargin=48, topMargin=46, bottomMargin=62, title=number)
        cells = [[Paragraph(head, bold) for head in HEADS]]
        cells += [[row[0], Paragraph(f"{row[1]}<br/><font size=7>{row[2]}</font>", body), *row[3:]] for row in rows]
        table = Table(cells, colWidths=WIDTHS, repeatRows=1)
        table.setStyle(TableStyle([("FONT", (0, 1), (-1, -1), "Regular", 8.6), ("ALIGN", (2, 0), (-1, -1), "RIGHT"), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                                   ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.lightgrey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]))
        sides = Table([[[Paragraph(title, bold), *[Paragraph(line, body) for line in lines]] for title, lines in parties]])
        end = Table([["不含税合计", totals[0]], ["税额合计", totals[1]], ["价税合计 Total", f"¥{totals[2]}"]], hAlign="RIGHT")
        end.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), "Bold", 9), ("ALIGN", (1, 0), (1, -1), "RIGHT")]))
        head = ParagraphStyle("head", parent=bold, fontSize=18, leading=24)
        paper.build([Paragraph("消费对账单 Statement of consumption", head), Paragraph(number, body), Spacer(1, 8), sides, Spacer(1, 8), table, Spacer(1, 8), end], canvasmaker=Counted)
        return out.getvalue()

    return draw


def with_reportlab_bare():
    """The fastest that reportlab can do: every text put at a place by hand, nothing wrapped or measured but the figures."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Regular", str(REGULAR)))
    pdfmetrics.registerFont(TTFont("Bold", str(BOLD)))
    edges = [48 + sum(WIDTHS[:at]) for at in range(len(WIDTHS) + 1)]

    def draw(number):
        rows, totals, parties = content()
        out = io.BytesIO()
        paper = Canvas(out, pagesize=A4)
        paper.setTitle(number)

        def sheet(page):
            paper.setFont("Regular", 7)
            paper.drawRightString(547, 40, f"第 {page} 页，共 3 页")
            paper.setFont("Bold", 8.6)
            for at, head in enumerate(HEADS):
                paper.drawString(edges[at], 770 if page > 1 else 640, head)
            return 752 if page > 1 else 622

        paper.setFont("Bold", 18)
        paper.drawString(48, 780, "消费对账单 Statement of consumption")
        for side, (title, lines) in enumerate(parties):
            paper.setFont("Regular", 8.6)
            for at, line in enumerate([title, *lines]):
                paper.drawString(48 + side * 250, 750 - at * 13, line)
        page, y = 1, sheet(1)
        for row in rows:
            if y < 80:
                paper.showPage()
                page += 1
                y = sheet(page)
            paper.setFont("Regular", 8.6)
            paper.drawString(edges[0], y, row[0])
            paper.drawString(edges[1], y, row[1])
            for at, cell in enumerate(row[3:], 2):
                paper.drawRightString(edges[at + 1] - 5, y, cell)
            paper.setFont("Regular", 7)
            paper.drawString(edges[1], y - 10, row[2])
            paper.line(48, y - 14, 547, y - 14)
            y -= 27
        paper.setFont("Bold", 9)
        for at, (name, amount) in enumerate(zip(("不含税合计", "税额合计", "价税合计 Total"), totals)):
            paper.drawString(360, y - 14 * at, name)
            paper.drawRightString(547, y - 14 * at, amount)
        paper.save()
        return out.getvalue()

    return draw


def with_weasyprint():
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    style = CSS(string=f"""
        @font-face {{ font-family: Noto; font-weight: 400; src: url('{REGULAR.as_uri()}') }}
        @font-face {{ font-family: Noto; font-weight: 700; src: url('{BOLD.as_uri()}') }}
        @page {{ size: A4; margin: 46pt 48pt 62pt; @bottom-right {{ content: '第 ' counter(page) ' 页，共 ' counter(pages) ' 页'; font: 7pt Noto }} }}
        body {{ font: 8.6pt/12pt Noto }} h1 {{ font-size: 18pt; line-height: 24pt }} small {{ font-size: 7pt }}
        table {{ width: 100%; border-collapse: collapse }} th {{ background: #f4f6f9; text-align: left }} td {{ border-bottom: 0.4pt solid #d3d8e0; vertical-align: top }}
        .number {{ text-align: right }} .sides {{ display: flex; gap: 14pt }} .sides div {{ flex: 1 }}""", font_config=fonts)

    def draw(number):
        rows, totals, parties = content()
        row = lambda cells: "<tr><td>{}<td>{}<br><small>{}</small>{}</tr>".format(*cells[:3], "".join(f"<td class=number>{cell}" for cell in cells[3:]))
        sides = "".join(f"<div><b>{title}</b><br>{'<br>'.join(map(escape, lines))}</div>" for title, lines in parties)
        page = f"""<meta charset=utf-8><title>{number}</title><h1>消费对账单 Statement of consumption</h1><p>{number}<div class=sides>{sides}</div>
            <table><thead><tr>{''.join(f'<th>{head}' for head in HEADS)}</thead>{''.join(map(row, rows))}</table>
            <p class=number>不含税合计 {totals[0]}<br>税额合计 {totals[1]}<br><b>价税合计 Total ¥{totals[2]}</b>"""
        return HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)

    return draw


def measure(draw, count):
    pdf = draw("ST-2026-000000")
    begun = time.process_time()
    for at in range(count):
        draw(f"ST-2026-{at:06}")
    return {"papers_a_cpu_second": round(count / (time.process_time() - begun), 2), "bytes": len(pdf)}


if __name__ == "__main__":
    keep = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    found = {}
    for name, make, count in (("reportlab", with_reportlab, 30), ("reportlab_bare", with_reportlab_bare, 30), ("weasyprint", with_weasyprint, 5)):
        draw = make()
        if keep:
            (keep / f"{name}.pdf").write_bytes(draw("ST-2026-000001"))
        found[name] = measure(draw, count)
    print(json.dumps(found, indent=1))
