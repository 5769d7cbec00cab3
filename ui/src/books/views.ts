import type { ComponentType } from "react";
import type { Words } from "../words";
import { Corrections } from "./Corrections";
import { IncomeRegister } from "./IncomeRegister";
import { BooksStatement } from "../ledger/BooksStatement";
import { Prepaid } from "../ledger/Prepaid";
import { TrialBalance } from "../ledger/TrialBalance";
import { MonthEnd } from "./MonthEnd";

export interface BooksView {
  id: keyof Words["books"]["tabs"];
  View: ComponentType;
}

// The tabs of "/books", in the order of a month's end. A view that is not written yet is not in the list.
export const views: BooksView[] = [
  { id: "month", View: MonthEnd },
  { id: "income", View: IncomeRegister },
  { id: "corrections", View: Corrections },
  { id: "trial", View: TrialBalance },
  { id: "prepaid", View: Prepaid },
  { id: "statement", View: BooksStatement },
];
