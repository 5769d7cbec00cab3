import type { Some } from "../../sentence";

export const wire = {
  id_already_used: { what: "该表单已用其他内容提交过。", why: "每张表单只有一个编号，该编号下首次提交的内容已记录在案。", next: "请重新打开表单，新表单会有新的编号。" },
  argument_missing: { what: (d) => `缺少“${d.argument ?? "?"}”。`, why: "没有该项无法判断此操作。", next: "请填写后重新提交。" },
  argument_invalid: { what: (d) => `“${d.argument ?? "?"}”无法识别。`, why: "其格式与账簿要求不符。", next: "请更正后重新提交。" },
  argument_unknown: { what: (d) => `此处没有“${d.argument ?? "?"}”这一项。`, why: "窗口与数据库对该表单的理解不一致。", next: "请更新 Kontor 后重试。" },
} satisfies Some;
