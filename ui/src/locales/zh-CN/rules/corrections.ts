import type { Some } from "../../sentence";
import { fault } from "./fault";

export const corrections = {
  adjustment_confirmed_by_proposer: { what: "该调整由您提请。", why: "手工调整须由两人办理。", next: "请另一位审批人确认。" },
  adjustment_without_reason: { what: "缺少理由。", why: "手工凭证的依据就是填写的理由。", next: "请用一句审计看得懂的话写明。" },
  adjustment_without_document: { what: "缺少依据编号。", why: "每笔调整都须注明依据：工单、邮件或合同。", next: "请填写其编号。" },
  adjustment_not_positive: { what: "金额须大于零。", why: "方向由科目决定，不由正负号决定。", next: "请填写不带符号的金额。" },
  adjustment_kind_unknown: fault("没有这种调整。"),
  adjustment_status_unknown: fault("没有这种调整状态。"),
  adjustment_number_taken: fault("两笔调整取得了同一编号。"),
  adjustment_posted_twice: fault("一张凭证对应了两笔调整。"),
  adjustment_confirmed_without_journal: fault("已确认的调整必有凭证。"),
  adjustment_of_nobody: fault("赠送和核销须对应客户，其他调整不对应客户。"),
  write_off_not_positive: fault("核销金额须大于零。"),
  reversal_confirmed_by_proposer: { what: "该冲销由您提请。", why: "冲销须由两人办理。", next: "请另一位审批人确认。" },
  reversal_without_reason: { what: "缺少理由。", why: "日后查看两张凭证时，须看得出原凭证错在哪里。", next: "请用一句话写明。" },
  reversal_already_proposed: { what: "该凭证已有待确认的冲销。", why: "同一凭证一次只处理一项提请。", next: "请先确认或退回待办的提请。" },
  reversal_status_unknown: fault("没有这种冲销状态。"),
  reversal_posted_twice: fault("一张凭证对应了两笔冲销。"),
  reversal_confirmed_without_journal: fault("已确认的冲销必有凭证。"),
} satisfies Some;
