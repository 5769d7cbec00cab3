import { exactly } from "../sentence";
import { access } from "./rules/access";
import { books } from "./rules/books";
import { customers } from "./rules/customers";
import { disputes } from "./rules/disputes";
import { inner } from "./rules/inner";
import { imports } from "./rules/imports";
import { invoices } from "./rules/invoices";
import { paper } from "./rules/paper";
import { policy } from "./rules/policy";
import { refunds } from "./rules/refunds";
import { safeguards } from "./rules/safeguards";
import { wire } from "./rules/wire";

export const rules = exactly({ ...inner, ...disputes, ...access, ...books, ...customers, ...imports, ...invoices, ...paper, ...policy, ...refunds, ...safeguards, ...wire });
