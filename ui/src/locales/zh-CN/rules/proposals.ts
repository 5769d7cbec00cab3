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
  match_needs_a_payment: { what: "这不是待查款项。", why: "只有尚无订单认领的款项才能与订单匹配。", next: "请打开该笔付款，在那里与本订单匹配。" },
  match_order_unknown: { what: "账簿中没有该订单。", why: "付款只能认领到已入账的订单。", next: "请核对订单号，或等待平台订单文件。" },
  match_order_already_paid: { what: "该订单已付款。", why: "已由另一笔付款确认，本笔并非其款项。", next: "请经两人办理，将本笔退回付款人。" },
  match_amount_differs: { what: "付款与订单金额不符。", why: (d) => `付款 ¥ ${d.amount}，订单 ¥ ${d.order}。认领不得掩盖差额。`, next: "请另找订单，或退回该笔付款。" },
  match_channel_differs: { what: "该订单的支付渠道不同。", why: "退款须原路返回；渠道有误将导致退款错付。", next: "请平台更正订单。" },
  match_provider_no_differs: { what: "平台为该订单登记的是另一笔付款。", why: "其渠道单号与本笔不同。", next: "请平台更正订单，或另找订单。" },
  match_order_not_credited: { what: "该订单尚不能入账。", why: "订单本身因实名认证等原因待处理，其款项在此之前留在待查款项。", next: "请先处理订单自身的差异；订单号相同的付款会随之转出。", clause: "RA 3.1" },
  match_without_reason: { what: "没有写明认领依据。", why: "复核人和审计须能核实。", next: "请用一句话写明。" },
} satisfies Some;
