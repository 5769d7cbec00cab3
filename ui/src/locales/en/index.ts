import { books } from "./books";
import { casework } from "./casework";
import { campaign } from "./campaign";
import { customers } from "./customers";
import { ledger } from "./ledger";
import { parts } from "./parts";
import { exceptions, imports } from "./imports";
import { deadlines } from "./deadlines";
import { disputes } from "./disputes";
import { locks } from "./locks";
import { invoices } from "./invoices";
import { letters } from "./letters";
import { payouts } from "./payouts";
import { policy } from "./policy";
import { printRoom } from "./printRoom";
import { proposals } from "./proposals";
import { refunds } from "./refunds";
import { rules } from "./rules";
import { shell } from "./shell";
import { signin } from "./signin";
import { today } from "./today";

// English is the model: the type of this object is what every other language must fill.
export const en = { shell, parts, rules, signin, today, books, ledger, customers, refunds, deadlines, disputes, locks, invoices, policy, imports, exceptions, payouts, proposals, casework, printRoom, letters, campaign };
export type Words = typeof en;
