import type { Some } from "../../sentence";
import { fault } from "./fault";

const open = (d: Record<string, unknown>) => (typeof d.next_open_on === "string" ? `最近的开放日期为 ${d.next_open_on}，请记入该日。` : "请记入下一个开放月份。");
const month = (d: Record<string, unknown>) => (typeof d.month === "string" ? d.month.slice(0, 7) : "该月");

export const periods = {
  period_closed: { what: (d) => `${month(d)} 已结账。`, why: "已结账的数字不再变动，不得再记入该月。", next: open, clause: "规则 1.4，17" },
  period_soft_closed: { what: (d) => `${month(d)} 正在结账。`, why: "预结账期间，只有会计可以继续记入该月。", next: open },
  period_closed_by_proposer: { what: "该月由您提请结账。", why: "结账由一人提请、另一人确认。", next: "请另一位主管确认。" },
  period_reopened_by_proposer: { what: "该月由您提请反结账。", why: "反结账须由两人办理。", next: "请另一位主管确认。" },
  period_reopened_without_reason: { what: "缺少理由。", why: "已结账的数字曾被引用，日后须看得出为何变动。", next: "请写明反结账的原因。" },
  period_waived_without_reason: { what: "缺少理由。", why: "检查项未完成即结账，须有留痕的理由。", next: "请写明为何可以豁免。" },
  period_status_unknown: fault("没有这种月份状态。"),
  period_not_a_month: fault("月份从当月第一天起算。"),
  closing_out_of_order: fault("须先预结账，再结账。"),
  period_item_malformed: { what: "检查项代码不合规。", why: "代码只含小写字母、数字和下划线。", next: "请换一个代码。" },
  period_item_way_unknown: fault("检查项由数据库或人员核对。"),
} satisfies Some;
