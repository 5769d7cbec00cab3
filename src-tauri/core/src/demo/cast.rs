//! Who becomes a case, on which day, and with which recharges: chosen here, played by `cases`.

use super::customers::{Customer, person};
use super::dice::Dice;
use super::setting::{Difference, Draft, Period, Size, day};
use crate::statements::Provider;
use chrono::{Datelike, Days, NaiveDate};

/// What happens to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Applies for a refund (RA 9.1).
    Refund(RefundEnd),
    /// A payer denies having agreed to pay (RA 5.2).
    Dispute(DisputeEnd),
}

impl Role {
    /// Whether somebody else paid for one of the recharges.
    fn has_other_payer(self) -> bool {
        matches!(self, Self::Dispute(_) | Self::Refund(RefundEnd::Suspended))
    }
}

/// How far a refund has come when the demo's clock stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundEnd {
    /// Confirmed by the provider's statement.
    Paid,
    /// Refused, with a reason.
    Rejected,
    /// Taken back by the customer.
    Withdrawn,
    /// Waits for its review.
    Requested,
    /// Waits for the customer's proof.
    ProofAsked,
    /// Waits for its approval.
    Reviewed,
    /// Reviewed, and usage came in since.
    FigureMoved,
    /// Approved once, and needs the treasurer's approval too.
    SecondApproval,
    /// Waits for its release.
    Approved,
    /// On its way, not yet in a statement.
    Released,
    /// Reviewed, and stopped by a payer who came forward since.
    Suspended,
}

/// How far a dispute has come when the demo's clock stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeEnd {
    /// The payer had agreed: unlocked.
    Accepted,
    /// Paid back to the payer.
    Repaid,
    /// The payer took the notice back.
    Withdrawn,
    /// The payer is the holder.
    Declined,
    /// Noticed this morning, not locked.
    Noticed,
    /// Locked, nothing filed.
    Locked,
    /// Locked, one document rejected, the window is open.
    EvidenceRejected,
    /// Locked, a document waits for its judges.
    EvidenceFiled,
    /// A reviewer finds that the payer had agreed, an approver has yet to see it.
    AcceptanceProposed,
    /// The window has ended: repayment may be proposed.
    Expired,
    /// Repayment proposed, waits for its approval.
    RepaymentProposed,
    /// Repayment approved, waits for its release.
    RepaymentApproved,
    /// Repayment on its way, not yet in a statement.
    RepaymentReleased,
    /// The balance did not suffice: the second clock runs.
    Shortfall,
    /// The payer waived what is missing.
    Waived,
    /// Negotiated without success: before the court.
    Escalated,
    /// A quarrel with the payment company, which is none of RA 5.2.
    WithProvider,
}

/// One customer's part.
#[derive(Debug, Clone)]
pub struct Part {
    /// Index in the list of customers.
    pub customer: usize,
    /// What happens.
    pub role: Role,
    /// The day on which it begins.
    pub on: NaiveDate,
    /// First day without business.
    pub quiet_from: NaiveDate,
    /// The disputed amount, or the largest recharge, in fen.
    pub cents: u64,
}

/// Whose application covers a recharge that the provider no longer takes back.
const OLD_LOT: &str = "Cedar Logic";

/// The open cases on the last day: who, what, how many days before the last day, fen.
const OPEN: &[(&str, Role, u64, u64)] = &[
    (OLD_LOT, Role::Refund(RefundEnd::Reviewed), 2, 800_000),
    ("云杉数据", Role::Refund(RefundEnd::Reviewed), 1, 50_000),
    ("Fernway", Role::Refund(RefundEnd::Approved), 3, 500_000),
    ("Linden Apps", Role::Refund(RefundEnd::ProofAsked), 2, 50_000),
    ("", Role::Refund(RefundEnd::Requested), 1, 20_000),
    ("", Role::Refund(RefundEnd::Suspended), 3, 30_000),
    ("", Role::Refund(RefundEnd::Requested), 0, 100_000),
    ("", Role::Refund(RefundEnd::FigureMoved), 4, 20_000),
    ("", Role::Refund(RefundEnd::SecondApproval), 2, 6_800_000),
    ("", Role::Refund(RefundEnd::Released), 2, 100_000),
    ("", Role::Refund(RefundEnd::Released), 2, 50_000),
    ("", Role::Refund(RefundEnd::Rejected), 3, 20_000),
    ("", Role::Refund(RefundEnd::Withdrawn), 4, 50_000),
    ("", Role::Refund(RefundEnd::Paid), 8, 100_000),
    ("", Role::Refund(RefundEnd::Paid), 9, 200_000),
    ("Blue Lantern 蓝灯笼", Role::Dispute(DisputeEnd::Expired), 31, 50_000),
    ("Northwind Notes", Role::Dispute(DisputeEnd::Locked), 29, 120_000),
    ("霜叶网络", Role::Dispute(DisputeEnd::EvidenceRejected), 28, 8_800),
    ("Orchid Parcel", Role::Dispute(DisputeEnd::Shortfall), 57, 90_000),
    ("Harbour Lab", Role::Dispute(DisputeEnd::EvidenceFiled), 14, 30_000),
    ("", Role::Dispute(DisputeEnd::Noticed), 0, 20_000),
    ("", Role::Dispute(DisputeEnd::Locked), 9, 10_000),
    ("", Role::Dispute(DisputeEnd::RepaymentProposed), 37, 60_000),
    ("", Role::Dispute(DisputeEnd::Waived), 58, 70_000),
    ("", Role::Dispute(DisputeEnd::Declined), 11, 10_000),
    ("", Role::Dispute(DisputeEnd::AcceptanceProposed), 16, 50_000),
    ("", Role::Dispute(DisputeEnd::RepaymentApproved), 38, 20_000),
    ("", Role::Dispute(DisputeEnd::RepaymentReleased), 39, 40_000),
    ("", Role::Dispute(DisputeEnd::Escalated), 66, 150_000),
    ("", Role::Dispute(DisputeEnd::WithProvider), 4, 5_000),
];

/// How the closed cases of past months ended, in turn.
const CLOSED: &[Role] = &[
    Role::Refund(RefundEnd::Paid),
    Role::Dispute(DisputeEnd::Accepted),
    Role::Refund(RefundEnd::Rejected),
    Role::Dispute(DisputeEnd::Withdrawn),
    Role::Refund(RefundEnd::Paid),
    Role::Dispute(DisputeEnd::Repaid),
    Role::Refund(RefundEnd::Paid),
    Role::Refund(RefundEnd::Withdrawn),
    Role::Refund(RefundEnd::Paid),
];

impl Part {
    /// How much the account still has when the case begins, in fen, where that matters: a shortfall needs one.
    pub(super) fn leaves(&self) -> Option<u64> {
        match self.role {
            Role::Dispute(DisputeEnd::Shortfall) => Some(self.cents * 64 / 100),
            Role::Dispute(DisputeEnd::Waived) => Some(self.cents * 70 / 100),
            Role::Dispute(DisputeEnd::EvidenceRejected) => Some(self.cents * 81 / 100),
            _ => None,
        }
    }

    /// Whether usage from before the application comes with a file after it.
    pub(super) fn has_late_usage(&self) -> bool {
        self.role == Role::Refund(RefundEnd::FigureMoved)
    }
}

/// Hands the parts out. Somebody who pays for another is made up where a dispute needs one.
pub(super) fn parts(dice: &Dice, customers: &mut [Customer], periods: &[Period], size: &Size) -> Vec<Part> {
    let mut dice = dice.apart(4);
    let mut parts: Vec<Part> = Vec::new();
    let mut give = |name: &str, role: Role, on: NaiveDate, cents: u64, dice: &mut Dice| {
        let taken: Vec<usize> = parts.iter().map(|part: &Part| part.customer).collect();
        let fits = |index: usize, customer: &Customer| {
            let known = customer.is_well_known();
            let named = if name.is_empty() { !known } else { customer.name == name };
            named && !taken.contains(&index) && customer.since + Days::new(100) < on && !customer.leaves
        };
        let candidates: Vec<usize> = (0..customers.len()).filter(|index| fits(*index, &customers[*index])).collect();
        if candidates.is_empty() {
            return;
        }
        let index = *dice.pick(&candidates);
        // A case of the last day has no period of its own: its recharges are in the last files.
        let own = periods.iter().find(|period| on <= period.to).or(periods.last());
        let quiet_from = own.map_or(on, |period| period.from);
        if role.has_other_payer() && customers[index].other_payer.is_none() {
            customers[index].other_payer = Some(person(dice));
        }
        // Few recharges, so that a worksheet can be taken in at a glance.
        let is_shown = name == OLD_LOT;
        customers[index].weight = if is_shown { 0 } else { customers[index].weight.min(2) };
        if is_shown {
            customers[index].appetite = 12;
        }
        parts.push(Part { customer: index, role, on, quiet_from, cents });
    };
    for (name, role, back, cents) in OPEN {
        give(name, *role, size.today - Days::new(*back), *cents, &mut dice);
    }
    // Small books have fewer old cases, or half of their customers would be one.
    let step = if size.customers < 1_000 { 60 } else { 9 };
    let mut on = size.first_day + Days::new(125);
    for number in 0.. {
        if on + Days::new(75) >= size.today {
            break;
        }
        let cents = [20_000, 50_000, 100_000, 10_000, 200_000][number % 5];
        give("", CLOSED[number % CLOSED.len()], on, cents, &mut dice);
        on = on + Days::new(step);
    }
    parts
}

/// The first day on which a customer's ordinary business rests, because a case begins.
pub(super) fn quiet_from(parts: &[Part], customer: usize) -> Option<NaiveDate> {
    parts.iter().find(|part| part.customer == customer).map(|part| part.quiet_from)
}

/// The recharges that a part needs, beside the ordinary ones.
pub(super) fn orders(customers: &[Customer], parts: &[Part], periods: &[Period], size: &Size) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for part in parts {
        let before = |days: u64| (part.quiet_from - Days::new(days)).max(customers[part.customer].since);
        let mut add = |date: NaiveDate, cents: u64, channel: Provider, by_other_payer: bool| {
            drafts.push(Draft {
                day: date,
                second: 14 * 3600 + (part.customer % 3_000) as u32,
                customer: part.customer,
                cents,
                is_package: cents.is_multiple_of(5_000),
                channel,
                by_other_payer,
                difference: Difference::None,
            });
        };
        match part.role {
            Role::Dispute(_) => add(before(1 + u64::from(part.on.day() % 5)), part.cents, Provider::Alipay, true),
            Role::Refund(end) => {
                add(before(3), 5_000, Provider::Alipay, end == RefundEnd::Suspended);
                add(before(2), part.cents, Provider::Wechat, false);
                add(before(40), part.cents / 2, Provider::Alipay, false);
            }
        }
    }
    drafts.extend(lot_past_its_window(customers, parts, size));
    debug_assert!(drafts.iter().all(|draft| draft.day <= periods.last().map_or(size.today, |period| period.to)));
    drafts
}

/// One application has a recharge that the provider no longer refunds, so it needs a transfer.
fn lot_past_its_window(customers: &[Customer], parts: &[Part], size: &Size) -> Option<Draft> {
    let part = parts.iter().find(|part| customers[part.customer].name == OLD_LOT)?;
    let date = day(size.today.year() - 1, 1, 3).max(customers[part.customer].since);
    Some(Draft {
        day: date,
        second: 11 * 3600,
        customer: part.customer,
        cents: 200_000,
        is_package: true,
        channel: Provider::Alipay,
        by_other_payer: false,
        difference: Difference::None,
    })
}
