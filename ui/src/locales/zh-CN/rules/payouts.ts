import type { Some } from "../../sentence";
import { fault } from "./fault";

const legStates: Record<string, string> = {
  other_channel: "属于其他渠道",
  too_soon: "同一订单两次退款之间须间隔",
  too_many: "渠道不允许该订单再次退款",
  window_closed: "渠道不再受理该订单退款",
  stopped: "第三方通知或账户锁定在先",
  exported: "已在其他批次中",
  uploaded: "已提交渠道",
  accepted: "渠道已受理",
  failed: "渠道已拒绝，尚未重新提交",
};

export const payouts = {
  payout_not_ready: { what: (d) => `${d.refund_no ?? "该指令"} 现在不能付出。`, why: (d) => `原因：${legStates[String(d.state)] ?? "状态已变化"}。`, next: "请在放款台查看其状态后再导出。", clause: "RA 9.1" },
  payout_unknown: { what: "其中有单号不是待付指令。", why: "可能已付、已撤回或从未放款。", next: "请刷新放款台。" },
  payout_batch_is_empty: { what: "该渠道暂无可导出的指令。", why: "批次只包含当前可以付出的指令。", next: "请在放款台查看各笔的原因。" },
  payout_batch_size: { what: "每个批次最多 500 笔。", why: "上传与回盘须便于核对。", next: "请先导出前 500 笔。" },
  payout_already_exported: { what: "该指令已在批次中。", why: "同一笔款不得进入两个文件。", next: "请查看批次文件。" },
  payout_already_left: { what: "该指令已经导出。", why: "导出不可撤销，即使随后收到第三方通知。", next: "请等待渠道结果；退还款会计入在途金额。", clause: "RA 5.2" },
  payout_batch_unknown: { what: "没有该批次。", why: "账簿中没有这个编号。", next: "请从批次列表打开。" },
  payout_batch_status: { what: "该批次已过这一步。", why: "批次依次为导出、上传、回盘；仅上传前可作废。", next: "请查看其状态。" },
  payout_batch_without_provider_number: { what: "缺少渠道批次号。", why: "查询结果须凭该编号。", next: "请从商户平台复制。" },
  payout_cancelled_by_exporter: { what: "该批次由您导出，您不能作废。", why: "导出人可能已上传，须由他人确认从未付出。", next: "请其他出纳或主管办理。" },
  payout_cancelled_without_reason: { what: "缺少原因。", why: "作废批次连同原因留存。", next: "请说明为何未上传。" },
  payout_results_are_empty: { what: "文件中没有结果。", why: "没有可记录的内容。", next: "请选择渠道的结果文件。" },
  payout_result_of_another_batch: { what: (d) => `${d.refund_no ?? "有一行"} 不在该批次中。`, why: "结果须记录在所属批次。", next: "请打开正确的批次或选择正确的文件。" },
  payout_result_unknown: { what: "有结果不是受理、失败或未知。", why: "涉及资金不作猜测。", next: "请向渠道核实后记录。" },
  merchant_balance_in_future: { what: "余额时间晚于账簿时间。", why: "余额是查看当时的数额。", next: "请选择现在或更早。" },
  merchant_balance_negative: { what: "商户账户余额不会为负。", why: "余额不足时渠道会拒绝退款。", next: "请重新核对余额。" },
  recall_without_reason: { what: "缺少原因。", why: "撤回已放款的承诺须说明。", next: "请写明原因，例如在先的第三方通知。" },
  refund_leg_not_failed: { what: "该指令没有失败。", why: "只有渠道拒绝的才重新提交。", next: "请等待结果。" },
  refund_window_closed: { what: "渠道退款期限已过。", why: "渠道不再受理该订单，再次提交仍会被拒。", next: "请按转账办理，并完成转账所需核对。", clause: "RA 9.1" },
  draft_too_large: { what: "草稿过长，无法保存。", why: "草稿最多两万字符。", next: "请缩短或先提交。" },
  draft_subject_too_long: fault("草稿的对象须为编号。"),
  draft_kind_malformed: fault("草稿须属于已知表单。"),
  merchant_balance_channel_unknown: fault("商户账户只有支付宝或微信。"),
  payout_batch_channel_unknown: fault("批次只属于支付宝或微信。"),
  payout_batch_number_taken: fault("批次编号只给出一次。"),
  payout_batch_status_unknown: fault("批次状态须为已知状态之一。"),
  payout_not_positive: fault("指令金额须大于零。"),
} satisfies Some;
