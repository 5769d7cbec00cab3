import type { Some } from "../../sentence";
import { fault } from "./fault";

type Detail = Record<string, unknown>;
const told = (d: Detail, key: string, otherwise: string): string => (typeof d[key] === "string" || typeof d[key] === "number" ? String(d[key]) : otherwise);

export const invoices = {
  invoice_unknown: { what: "没有这张单据。", why: "单号或链接在本账套中找不到已开具的单据。", next: "请在单据列表中查找。" },
  invoice_exceeds_consumption: {
    what: (d) => `超过可开票金额：申请 ¥ ${told(d, "asked", "?")}，可开 ¥ ${told(d, "invoiceable", "?")}。`,
    why: (d) => `只有已消耗的本金可以开票，且按产品分别计算（${told(d, "product", "其中一项")}）。`,
    next: "请将金额降至可开票金额以内。若同事刚刚开具了单据，数字会重新读取。",
    clause: "RA 8.1",
  },
  invoice_has_no_lines: { what: "单据没有明细。", why: "单据须写明消费了哪个产品、多少金额。", next: "请至少为一个产品填写金额。" },
  invoice_amount_not_positive: { what: "有金额不大于零。", why: "单据须有金额；冲回请用红字单据。", next: "请更正金额，或不列该产品。" },
  invoice_product_repeated: { what: "同一产品出现了两次。", why: "每个产品一行、一个税率。", next: "请合并为一行。" },
  invoice_kind_unknown: fault("没有这种单据。"),
  invoice_already_red: { what: "该单据已全部红冲。", why: "红字单据已覆盖其全部金额。", next: "如仍需开票，请开具新的单据。" },
  invoice_not_rendered: { what: "该单据还没有 PDF。", why: "打印的是已保存的页面。", next: "请先在单据页面打开，再打印。" },

  buyer_unknown: { what: "该抬头不属于此客户。", why: "单据只能开给客户自己的抬头。", next: "请从列表中选择，或新增抬头。" },
  buyer_kind_unknown: fault("抬头只分企业和个人。"),
  buyer_without_name: { what: "缺少抬头。", why: "单据须写明开给谁。", next: "请填写登记名称。" },
  buyer_credit_code_missing: { what: "缺少企业的统一社会信用代码。", why: "企业以统一社会信用代码标识。", next: "请向客户索取。", clause: "GB 32100-2015" },
  buyer_credit_code_invalid: {
    what: "统一社会信用代码不正确。",
    why: (d) =>
      d.reason === "LENGTH"
        ? "代码不是 18 位。"
        : d.reason === "CHARSET"
          ? "含有代码不使用的字符：没有字母 I、O、S、V、Z。"
          : typeof d.check_char === "string"
            ? `按前 17 位，最后一位应为 ${d.check_char}。`
            : "校验码不符。",
    next: "请与营业执照核对。",
    clause: "GB 32100-2015",
  },
  buyer_code_reason_missing: { what: "使用旧号码须说明原因。", why: (d) => `${told(d, "length", "15 或 20")} 位不是统一代码，但此类号码确实存在。`, next: "请写明使用的原因。", clause: "GB 32100-2015" },

  seller_unknown: { what: "没有这条销售方信息。", why: "它可能属于其他账套。", next: "请重新查看列表。" },
  seller_not_configured: { what: "尚未设置销售方。", why: "单据须写明销售方，而本账套没有已确认的信息。", next: "由管理员在“政策参数”中提出，审批人确认。" },
  seller_already_confirmed: { what: "该销售方信息已生效。", why: "此前已确认。", next: "如需更改，请提出新的信息。" },
  seller_confirmed_by_proposer: { what: "这是您提出的，不能由您确认。", why: "单据上的销售方信息须经两人。", next: "由未参与提出的审批人确认。", clause: "6.1" },
  seller_proposed_twice: fault("同一提议被记录两次。"),
  seller_without_name: { what: "缺少销售方名称。", why: "单据须写明销售方。", next: "请填写登记名称。" },

  official_number_malformed: { what: "这不是官方发票号。", why: "税务平台的发票号为 20 位数字。", next: "请从已开具的发票上抄录。" },
  official_number_already_recorded: { what: "该单据已登记官方发票号。", why: "只登记一次，不可更改。", next: "号码有误时，请红冲后重新开具。" },
  official_number_taken: { what: "该官方发票号已登记在另一张单据上。", why: "一张官方发票对应我方一张单据。", next: "请在单据列表中查找该号码。" },
  official_date_impossible: { what: "日期不合理。", why: "官方发票开具于我方单据之后、不在未来，且号码以年度开头。", next: "请与税务平台核对号码和日期。" },

  red_letter_unknown: { what: "没有这张红字单据。", why: "它可能属于其他账套。", next: "请查看红字单据列表。" },
  red_letter_already_proposed: { what: "该单据已有待审批的红字单据。", why: "处理完一张才能申请下一张。", next: "由审批人确认或驳回。" },
  red_letter_confirmed_by_proposer: { what: "这是您申请的红字单据，不能由您审批。", why: "红冲须经两人。", next: "由另一位审批人确认。", clause: "6.1" },
  red_letter_not_open: { what: "该红字单据已处理。", why: "同事已确认或驳回。", next: "请查看处理结果。" },
  red_letter_of_red_letter: { what: "红字单据本身不能再红冲。", why: "被冲回的金额可重新开具单据。", next: "请开具新的单据。" },
  red_letter_reason_unknown: { what: "缺少原因。", why: "税务平台规定四种原因，01 至 04。", next: "请选择其一。" },
  red_letter_exceeds_line: {
    what: (d) => `红冲金额超过该行剩余：申请 ¥ ${told(d, "asked", "?")}，剩余 ¥ ${told(d, "remains", "?")}。`,
    why: "此前已红冲的部分计算在内。",
    next: "请降低金额，或将剩余部分全部红冲。",
  },
  red_letter_without_reason: fault("红字单据没有原因。"),
  decision_without_reason: { what: "缺少原因。", why: "决定须连同原因一并保存。", next: "请用一句话写明。" },

  reprint_without_reason: { what: "缺少重印原因。", why: "第一张为原件，之后每一张都是副本，须有原因。", next: "请选择原因。" },
} satisfies Some;
