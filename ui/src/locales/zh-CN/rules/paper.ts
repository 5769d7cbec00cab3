import type { Some } from "../../sentence";

export const paper = {
  font_missing: { what: "缺少文档字体。", why: "文档须用自带字体绘制，才能处处一致。", next: "请重新安装程序，或告知管理员。" },
  font_unexpected: { what: "字体文件与程序不符。", why: "换用字体会改变所有文档。", next: "请重新安装程序。" },
  glyph_missing: { what: "有字符无法打印。", why: "字体中没有该字；发票上出现空框更不妥。", next: "请改用可打印的写法，并在备注中保留原文。" },
  printer_failed: { what: "打印机拒绝了任务。", why: "系统打印服务报告故障。", next: "请检查打印机后重试。" },
  printer_not_found: { what: "系统中没有该打印机。", why: "可能已被移除。", next: "请选择其他打印机。" },
  printing_unavailable: { what: "本机没有打印服务。", why: "文档交由系统打印服务处理。", next: "请保存 PDF 后用系统阅读器打印。" },
  attachment_without_name: { what: "文件没有名称。", why: "附件按名称查找。", next: "请命名后重新添加。" },
  field_unknown: { what: "该字段不能查看。", why: "只能查看客户的脱敏字段。", next: "请在页面上选择字段。" },
  note_kind_unknown: { what: "备注类型无法识别。", why: "类型为备注、电话、消息或信函。", next: "请选择其一。" },
} satisfies Some;
