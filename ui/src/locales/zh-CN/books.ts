import type { books as english } from "../en/books";

export const books: typeof english = {
  title: "账务",
  hint: "月结，以及月度账务的各类表单。",
  tabs: { month: "月结", trial: "试算平衡表", prepaid: "预收账款", income: "未开票收入", corrections: "调整与冲销" },
  month: {
    none: "尚无已结束的月份。",
    noneWhy: "月份结束且账簿中有当月凭证后，方可结账。",
  },
};
