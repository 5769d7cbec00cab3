import type { Some } from "../../sentence";

export const policy = {
  policy_unknown: { what: "没有这项提议。", why: "它可能属于其他账套。", next: "请重新查看规则列表。" },
  policy_value_malformed: { what: "该值不符合此规则的格式。", why: "每项规则只接受一种形式的值：金额、天数、费率，或二选一的开关。", next: "请更正。" },
  policy_without_reason: { what: "缺少理由。", why: "确认的人和日后查看的人都需要知道原因。", next: "请写明理由。" },
  policy_already_confirmed: { what: "该规则已确认。", why: "同事已先行处理。", next: "请查看其历史。" },
  policy_confirmed_by_proposer: { what: "这是您提出的，不能由您确认。", why: "规则的变更须经两人。", next: "由未参与提出的审批人确认。", clause: "6.1" },

} satisfies Some;
