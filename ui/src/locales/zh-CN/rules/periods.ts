import type { Some } from "../../sentence";
import { fault } from "./fault";

const open = (d: Record<string, unknown>) => (typeof d.next_open_on === "string" ? `最近的开放日期为 ${d.next_open_on}，请记入该日。` : "请记入下一个开放月份。");
const month = (d: Record<string, unknown>) => (typeof d.month === "string" ? d.month.slice(0, 7) : "该月");

export const periods = {
  period_closed: { what: (d) => `${month(d)} 已结账。`, why: "已结账的数字不再变动，不得再记入该月。", next: open, clause: "规则 1.4，17" },
  period_soft_closed: { what: (d) => `${month(d)} 正在结账。`, why: "预结账期间，只有会计可以继续记入该月。", next: open },
  period_closed_by_proposer: { what: "该月由您提议结账。", why: "结账由一人提议、另一人确认。", next: "请另一位主管确认。" },
  period_reopened_by_proposer: { what: "该月由您提议反结账。", why: "反结账须由两人办理。", next: "请另一位主管确认。" },
  period_reopened_without_reason: { what: "缺少理由。", why: "已结账的数字曾被引用，日后须看得出为何变动。", next: "请写明反结账的原因。" },
  period_waived_without_reason: { what: "缺少理由。", why: "检查项未完成即结账，须有留痕的理由。", next: "请写明为何可以豁免。" },
  period_status_unknown: fault("没有这种月份状态。"),
  period_not_a_month: fault("月份从当月第一天起算。"),
  closing_out_of_order: fault("须先预结账，再结账。"),
  period_item_malformed: { what: "检查项代码不合规。", why: "代码只含小写字母、数字和下划线。", next: "请换一个代码。" },
  period_item_way_unknown: fault("检查项由数据库或人员核对。"),

  period_unknown: { what: "账簿中没有该月份。", why: "它早于第一张凭证，或尚未开始。", next: "请在月份条中选择。" },
  period_not_open: { what: (d) => `${month(d)} 不在开放状态。`, why: "该月已开始结账。", next: "请在月结页查看其状态。" },
  period_not_over: { what: (d) => `${month(d)} 尚未结束。`, why: "月份结束后不再发生业务，方可结账。", next: "请等到月末之后。" },
  period_out_of_order: { what: (d) => `${month(d)} 不是下一个应结账的月份。`, why: "月份须依次结账，每月以上月的数字为基础。", next: (d) => (typeof d.next === "string" ? `请先结 ${d.next}。` : "请先结较早的月份。") },
  period_not_soft_closed: { what: (d) => `${month(d)} 尚未预结账。`, why: "先预结账，使数字在核对期间不再变动。", next: "请先预结账，再逐项核对。" },
  period_checklist_open: { what: (d) => `有 ${Array.isArray(d.items) ? d.items.length : "若干"} 个必做检查项未完成。`, why: "各项完成，或由主管写明理由予以豁免后，方可结账。", next: "请打开各项处理，或请主管豁免。" },
  period_checklist_is_final: { what: "该月检查清单已定。", why: "结账已据此提议或确认。", next: "请先撤回结账。" },
  period_close_not_proposed: { what: (d) => `${month(d)} 尚无人提议结账。`, why: "一人结账，另一人确认。", next: "请会计先结账。" },
  period_returned_without_reason: { what: "缺少理由。", why: "结账人须知道要改正什么。", next: "请用一句话写明。" },
  period_not_closed: { what: (d) => `${month(d)} 未在此结账。`, why: "只有已结账的月份可以反结账。", next: "请选择最近结账的月份。" },
  period_later_closed: { what: (d) => `${month(d)} 之后的月份已结账或正在结账。`, why: "反结账须从最近的月份开始，后面的数字以它为基础。", next: "请从最近的月份开始。" },
  period_reopen_not_proposed: { what: (d) => `${month(d)} 尚无人提议反结账。`, why: "一人写明理由提议，另一人确认。", next: "请会计先提议。" },
  period_item_unknown: { what: "检查清单中没有该项。", why: "它可能已在较早月份停用。", next: "请重新查看清单。" },
  period_item_is_computed: { what: "该项由数据库核对。", why: "没有未决事项时才算完成，不能由人勾选。", next: "请处理未决事项，或请主管豁免。" },
  period_item_without_title: { what: "检查项没有名称。", why: "两种语言都要用到。", next: "请填写中英文名称。" },
  period_owner_unknown: { what: "没有该在职人员。", why: "检查项须由在职同事负责。", next: "请从列表中选择。" },
  vat_figures_moved: { what: "查看之后数字有变。", why: "入账的须与所预览的完全一致。", next: "请查看下方最新数字，再次入账。" },
  vat_nothing_due: { what: "没有需要分离的税额。", why: "该月各产品的销项税额均已入账。", next: "无需操作。" },
} satisfies Some;
