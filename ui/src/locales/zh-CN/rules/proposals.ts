import type { Some } from "../../sentence";
import { fault } from "./fault";

const declined = { what: "该提议已被驳回或撤回。", why: "一项提议只决定一次。", next: "如仍有必要，请重新提议。" };

export const proposals = {
  proposal_unknown: { what: "没有这项提议。", why: "账簿中没有，或类型不符。", next: "请重新打开列表。" },
  proposal_of_another: { what: "这是同事的提议。", why: "只有提议人可以撤回；其他人须有审批人岗位才能驳回。", next: "请联系提议人或审批人。" },
  credit_back_already_declined: declined,
  reinstatement_already_declined: declined,
  policy_already_declined: declined,
  calendar_already_declined: { ...declined, next: "如仍有必要，请重新录入。" },
  credit_back_decided_twice: fault("一项冲回不能既确认又驳回。"),
  reinstatement_decided_twice: fault("一项善意恢复不能既确认又驳回。"),
  policy_decided_twice: fault("一项政策不能既确认又驳回。"),
  calendar_decided_twice: fault("一份节假日安排不能既确认又驳回。"),
  seller_already_declined: { ...declined, next: "如仍有必要，请重新提议。" },
  seller_decided_twice: fault("一份销售方信息不能既确认又驳回。"),
} satisfies Some;
