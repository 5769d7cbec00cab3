import type { Words } from "../en";
import { books } from "./books";
import { customers } from "./customers";
import { ledger } from "./ledger";
import { parts } from "./parts";
import { exceptions, imports } from "./imports";
import { disputes } from "./disputes";
import { invoices } from "./invoices";
import { payouts } from "./payouts";
import { policy } from "./policy";
import { proposals } from "./proposals";
import { refunds } from "./refunds";
import { rules } from "./rules";
import { shell } from "./shell";
import { signin } from "./signin";
import { today } from "./today";

export const zhCN: Words = { shell, parts, rules, signin, today, books, ledger, customers, refunds, disputes, invoices, policy, imports, exceptions, payouts, proposals };
