import type { Some } from "../../sentence";

type Detail = Record<string, unknown>;
const told = (d: Detail, key: string): string | null => (typeof d[key] === "string" || typeof d[key] === "number" ? String(d[key]) : null);
/** “第 7 行“手续费”列”，知道多少说多少。 */
const place = (d: Detail): string => {
  const line = told(d, "line");
  const column = told(d, "column");
  return `${line ? `第 ${line} 行` : ""}${column ? `“${column}”列` : ""}`;
};
const against = (d: Detail): string => {
  const expected = told(d, "expected");
  const found = told(d, "found");
  if (expected && found) return `应为 ${expected}，实为 ${found}。`;
  return expected ? `应为：${expected}。` : "";
};
const whole = "文件要么整份入账，要么不入账，因此未作任何入账。";
const fresh = "请从渠道或平台重新下载后再读取。";

export const imports = {
  file_archive_broken: { what: "压缩包无法打开。", why: (d) => `文件损坏、有密码，或其中不是恰好一份单据。${against(d)}`, next: fresh },
  file_column_missing: { what: (d) => `缺少“${told(d, "column") ?? "?"}”列。`, why: whole, next: "请索取完整格式的文件；列的顺序不限，但不能缺列。" },
  file_column_repeated: { what: (d) => `“${told(d, "column") ?? "?"}”列出现两次${told(d, "line") ? `（第 ${told(d, "line")} 行）` : ""}。`, why: "无法判断以哪一列为准。", next: fresh },
  file_cut_short: { what: (d) => `文件不完整${place(d) ? `，止于${place(d)}` : ""}。`, why: (d) => `缺少结尾。${against(d)}${whole}`, next: fresh },
  file_total_missing: { what: (d) => `${place(d)}缺少完整的合计行。`, why: (d) => `最后一行须为 ${told(d, "expected") ?? "#total"}；没有它就无法判断文件是否被截断。${whole}`, next: "请重新导出完整文件；没有合计行的文件不予接受。" },
  file_empty: { what: "文件为空。", why: "没有可读取的内容。", next: fresh },
  file_encoding_broken: { what: (d) => `${place(d)}文字无法识别。`, why: (d) => `字符已损坏。${against(d)}`, next: "请使用下载的原文件，表格软件可能改变了编码。" },
  file_kind_unknown: { what: "这不是 Kontor 可读取的文件。", why: "订单文件、用量文件、支付宝业务明细、微信交易账单按各自的列识别。", next: "请选择其他文件，或索取原始格式。" },
  file_layout_not_supported: { what: "不支持这种格式的对账单。", why: "这是汇总表，或没有逐笔付款的格式。", next: "请下载明细（业务明细，或 ALL 类型的交易账单）。" },
  file_merchant_mixed: { what: (d) => `${place(d)}出现另一个商户号。`, why: "一份对账单只属于一个商户。", next: fresh },
  file_not_readable: { what: (d) => `${told(d, "file") ?? "文件"}无法读取。`, why: "文件已移动，或当前账号无权打开。", next: "请重新选择。" },
  file_row_broken: { what: (d) => `${place(d)}无法读取。`, why: (d) => `${against(d)}${whole}`, next: "请从源头更正，不要手工修改文件。" },
  file_row_repeated: { what: (d) => `${place(d)}在文件中重复。`, why: (d) => `与第 ${told(d, "first_line") ?? "?"} 行相同。${whole}`, next: fresh },
  file_says_no_bill: { what: "渠道答复：当日无账单。", why: "文件内容是该提示，没有付款。", next: "如当日确无付款，无需处理。" },
  file_too_large: { what: "文件过大。", why: "超过渠道单日文件的正常大小。", next: "请确认文件无误，或缩短期间。" },
  file_totals_disagree: { what: (d) => `${place(d)}合计与明细不符。`, why: (d) => `${against(d)}${whole}`, next: fresh },
  import_cancelled: { what: "读取已取消。", why: "在入账前停止，账簿没有变动。", next: "可随时重新读取。" },
  import_unknown: { what: "账簿中没有该文件。", why: "从未登记。", next: "请重新读取。" },
  import_not_staged: { what: "该文件已处理完毕。", why: "已入账或已放弃，均不可撤销。", next: "请重新读取，账簿已有的行不会重复。" },
  import_begun_by_another: { what: "该文件由他人开始读取。", why: "由谁开始，由谁入账。", next: "请自行从头读取。" },
  import_incomplete: { what: (d) => `行数不全：${told(d, "staged") ?? "?"}/${told(d, "expected") ?? "?"}。`, why: whole, next: "请重新读取。" },
  import_file_already_posted: { what: "该文件刚刚已入账。", why: "内容与已入账文件完全相同。", next: "无需处理。" },
  import_kind_unknown: { what: "不接受这种文件。", why: "类型为固定列表。", next: "请更新 Kontor。" },
  import_status_unknown: { what: "文件没有这种状态。", why: "状态为固定列表。", next: "请告知管理员。" },
  exception_unknown: { what: "没有这条差异。", why: "账簿中没有。", next: "请重新打开列表。" },
  exception_already_resolved: { what: "该差异已了结。", why: "已由单据或同事了结。", next: "可在“已了结”中查看。" },
  exception_without_resolution: { what: "没有写明如何了结。", why: "差异须以文字了结并留存。", next: "请写明查得的情况和处理。" },
  exception_kind_unknown: { what: "没有这种差异。", why: "类型为固定列表。", next: "请告知管理员。" },
  suspense_needs_its_order: { what: "该款项正等待一笔已到的订单。", why: "其订单另有一项异常。", next: "请先处理那一项，此项随之了结。" },
  statement_row_kind_unknown: { what: "对账单没有这种行。", why: "每一行是收款、退款，或仅作留存的其他记录。", next: "请更新 Kontor。" },
  statement_row_repeated: { what: "该行已在账簿中。", why: "渠道单号只登记一次。", next: "无需处理。" },
} satisfies Some;
