import type { Some } from "../../sentence";

// Refusals that keep money where it is until two people, or two papers, agree.
export const safeguards = {
  exception_already_proposed: { what: "该处理意见已待审批。", why: "资金差异须由两人处理。", next: "请审批人确认。" },
  exception_not_proposed: { what: "尚无处理意见。", why: "须由会计提出、审批人确认。", next: "请会计先提出处理意见。" },
  exception_settled_by_proposer: { what: "提出人不能自行确认。", why: "资金差异须由两人处理。", next: "请另一位审批人确认。" },
  exception_still_stands: { what: "问题依然存在。", why: "已按当前账簿重试，仍因同样原因被拒。", next: "请先补充其所指的协议版本、活动或客户。" },
  recharge_not_confirmed: { what: "本次退款中有充值尚未获渠道确认。", why: "未见到账的款项不能退出。", next: "请先处理其异常，或导入显示该笔付款的对账单。", clause: "RA 9.1" },
  refund_leg_not_instructed: { what: "该指令已有结果。", why: "只有在途指令可登记失败。", next: "请查看指令状态。" },
  failure_without_reason: { what: "缺少原因。", why: "后续付款人须知道原因。", next: "请写明渠道的答复。" },
  leg_failed_by_releaser: { what: "放款人不能登记失败。", why: "否则一人即可重复付款。", next: "请另一位出纳或会计办理。" },
  refund_without_ticket: { what: "缺少工单号。", why: "每件案件须有客服工单。", next: "请填写工单号。" },
  usage_customer_unknown: { what: "该用量的客户仍不存在。", why: "用量须记在平台已告知的客户名下。", next: "请先导入该客户的订单或由平台发送，再行处理。" },
} satisfies Some;
