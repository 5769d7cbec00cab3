import { exactly } from "../sentence";
import { access } from "./rules/access";
import { books } from "./rules/books";
import { corrections } from "./rules/corrections";
import { customers } from "./rules/customers";
import { disputes } from "./rules/disputes";
import { inner } from "./rules/inner";
import { imports } from "./rules/imports";
import { invoices } from "./rules/invoices";
import { paper } from "./rules/paper";
import { periods } from "./rules/periods";
import { payouts } from "./rules/payouts";
import { policy } from "./rules/policy";
import { proposals } from "./rules/proposals";
import { refunds } from "./rules/refunds";
import { safeguards } from "./rules/safeguards";
import { wire } from "./rules/wire";

export const rules = exactly({ ...inner, ...disputes, ...access, ...books, ...corrections, ...customers, ...imports, ...invoices, ...paper, ...periods, ...policy, ...refunds, ...safeguards, ...wire, ...payouts, ...proposals });
