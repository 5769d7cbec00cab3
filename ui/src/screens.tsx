// Every screen of the window: its place in the sidebar, its key, its icon, and the file it is loaded from.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Words } from "./words";

export type Section = Exclude<keyof Words["shell"]["sections"], Group>;
export type Group = "accounting" | "cases" | "paper" | "control";

export interface Screen {
  section: Section;
  group: Group | null;
  /** The letter behind g. */
  letter: string;
  /** Draws "/section" and everything below it. */
  View: LazyExoticComponent<ComponentType> | null;
}

// A screen that is not written yet has no View and is not shown.
export const screens: Screen[] = [
  { section: "today", group: null, letter: "t", View: lazy(() => import("./today/TodayScreen")) },
  { section: "ledger", group: "accounting", letter: "l", View: lazy(() => import("./ledger/LedgerScreen")) },
  { section: "books", group: "accounting", letter: "b", View: lazy(() => import("./books/BooksScreen")) },
  { section: "customers", group: "accounting", letter: "c", View: lazy(() => import("./customers/CustomersScreen")) },
  { section: "imports", group: "accounting", letter: "s", View: lazy(() => import("./imports/ImportsScreen")) },
  { section: "deadlines", group: "cases", letter: "e", View: lazy(() => import("./deadlines/DeadlinesScreen")) },
  { section: "refunds", group: "cases", letter: "r", View: lazy(() => import("./refunds/RefundsScreen")) },
  { section: "payouts", group: "cases", letter: "o", View: lazy(() => import("./payouts/PayoutsScreen")) },
  { section: "disputes", group: "cases", letter: "d", View: lazy(() => import("./disputes/DisputesScreen")) },
  { section: "locks", group: "cases", letter: "k", View: lazy(() => import("./locks/LocksScreen")) },
  { section: "campaign", group: "cases", letter: "v", View: lazy(() => import("./campaign/CampaignScreen")) },
  { section: "invoices", group: "paper", letter: "i", View: lazy(() => import("./invoices/InvoicesScreen")) },
  { section: "proposals", group: "control", letter: "f", View: lazy(() => import("./proposals/ProposalsScreen")) },
  { section: "policy", group: "control", letter: "p", View: lazy(() => import("./policy/PolicyScreen")) },
];
