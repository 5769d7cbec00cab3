//! The books as the rules tell them, in plain Rust: no set, no journal, one customer after the other.
//! Written from the agreement's rules, not from the SQL. Amounts are millionths of a yuan; time is in minutes.

mod refunds;

use std::collections::{BTreeMap, BTreeSet};

/// What pays for usage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purse {
    Gift(usize),
    Lot(usize),
}

/// A recharge: principal that is left, refundable once.
#[derive(Clone, Debug)]
pub struct Lot {
    pub order_no: String,
    pub alipay: bool,
    pub principal: i64,
    pub left: i64,
    pub paid_at: i64,
    pub held_by: Option<usize>,
    pub refunded: bool,
    pub reversed: bool,
    pub children: u32,
}

#[derive(Clone, Debug)]
pub struct Gift {
    pub order_no: String,
    pub amount: i64,
    pub left: i64,
    pub reserved: i64,
    pub expires: Option<i64>,
}

/// Usage that was billed, and what paid for it.
#[derive(Clone, Debug)]
pub struct Charge {
    pub key: String,
    pub product: &'static str,
    pub amount: i64,
    pub used_at: i64,
    pub billed: usize,
    pub from_gift: i64,
    pub from_principal: i64,
    pub owed: i64,
    pub parts: Vec<(Purse, i64)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    Requested,
    Reviewed,
    Approved,
    Released,
    Paid,
    Rejected,
    Withdrawn,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LegState {
    Instructed,
    Confirmed,
    Recalled,
}

#[derive(Clone, Debug)]
pub struct Leg {
    pub lot: usize,
    pub gross: i64,
    pub fee: i64,
    pub residual: i64,
    pub state: LegState,
}

#[derive(Clone, Debug)]
pub struct Refund {
    pub id: String,
    pub standing: Standing,
    pub approved: Option<(Sheet, usize)>,
    pub legs: Vec<Leg>,
}

impl Refund {
    /// Before anything has left the house.
    pub fn open(&self) -> bool {
        matches!(self.standing, Standing::Requested | Standing::Reviewed | Standing::Approved)
    }
}

/// One lot of a worksheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetLot {
    pub lot: usize,
    pub taken: i64,
    pub refundable: i64,
    pub residual: i64,
    pub fee: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    pub lots: Vec<SheetLot>,
    pub gift_part: i64,
}

impl Sheet {
    pub fn gross(&self) -> i64 {
        self.lots.iter().map(|lot| lot.refundable).sum()
    }

    pub fn fee(&self) -> i64 {
        self.lots.iter().map(|lot| lot.fee).sum()
    }

    /// What an approval binds to: every figure that is paid.
    fn figures(&self) -> BTreeSet<(usize, i64, i64)> {
        self.lots.iter().map(|lot| (lot.lot, lot.refundable, lot.fee)).collect()
    }
}

/// What the platform has metered and not billed yet.
#[derive(Clone, Copy, Debug)]
struct Report {
    amount: i64,
    until: i64,
    told: usize,
    told_at: i64,
}

#[derive(Clone, Default, Debug)]
pub struct Customer {
    pub lots: Vec<Lot>,
    pub gifts: Vec<Gift>,
    pub charges: Vec<Charge>,
    pub refunds: Vec<Refund>,
    reports: Vec<Report>,
}

/// One customer's order or usage, as the platform tells it.
#[derive(Clone, Debug)]
pub struct Paid {
    pub order_no: String,
    pub alipay: bool,
    pub principal: i64,
    pub gift: i64,
    pub expires: Option<i64>,
    pub paid_at: i64,
}

#[derive(Clone, Debug)]
pub struct Used {
    pub key: String,
    pub product: &'static str,
    pub amount: i64,
    pub used_at: i64,
}

/// Some customers, and the house accounts as far as these customers moved them (debit positive).
#[derive(Clone, Default, Debug)]
pub struct Plain {
    pub customers: Vec<Customer>,
    pub house: BTreeMap<String, i64>,
    /// Actions so far: two instants are compared by it.
    pub step: usize,
    pub now: i64,
}

/// A refusal by the rule's name.
pub type Told = Result<(), &'static str>;

const FEN: i64 = 10_000;

impl Plain {
    pub fn of(customers: usize) -> Self {
        Self { customers: vec![Customer::default(); customers], ..Self::default() }
    }

    fn house(&mut self, account: &str, amount: i64) {
        *self.house.entry(account.to_owned()).or_default() += amount;
    }

    /// RA 2.1, 6.1, 6.2: principal and gift are two things; what usage is still owed is paid first (9.3).
    pub fn recharge(&mut self, who: usize, mut orders: Vec<Paid>) {
        orders.sort_by_key(|order| order.paid_at);
        for order in orders {
            let customer = &mut self.customers[who];
            if customer.lots.iter().any(|lot| lot.order_no == order.order_no) {
                continue;
            }
            customer.lots.push(Lot {
                order_no: order.order_no.clone(),
                alipay: order.alipay,
                principal: order.principal,
                left: order.principal,
                paid_at: order.paid_at,
                held_by: None,
                refunded: false,
                reversed: false,
                children: 0,
            });
            if order.gift > 0 {
                let (amount, left) = (order.gift, order.gift);
                let gift = Gift { order_no: order.order_no, amount, left, reserved: 0, expires: order.expires };
                customer.gifts.push(gift);
            }
            self.house(if order.alipay { "alipay_clearing CNY" } else { "wechat_clearing CNY" }, order.principal);
            self.house("gift_granted CNY.GIFT", order.gift);
        }
        self.collect(who);
    }

    /// A2: gift first, the one that expires first; then principal, first paid first. The rest is owed.
    pub fn charge(&mut self, who: usize, mut rows: Vec<Used>) {
        rows.sort_by(|a, b| (a.used_at, a.product, &a.key).cmp(&(b.used_at, b.product, &b.key)));
        for row in rows {
            let customer = &mut self.customers[who];
            if customer.charges.iter().any(|charge| charge.key == row.key) {
                continue;
            }
            let mut rest = row.amount;
            let mut parts = Vec::new();
            for at in customer.gifts_in_order(|gift| gift.expires.is_none_or(|end| end > row.used_at)) {
                let gift = &mut customer.gifts[at];
                let part = rest.min(gift.left);
                gift.left -= part;
                gift.reserved = gift.reserved.min(gift.left);
                rest -= part;
                parts.push((Purse::Gift(at), part));
            }
            let from_gift = row.amount - rest;
            // Until approval late usage takes what an application holds; afterwards it is owed (1.4, 3 and 5).
            let waiting: Vec<bool> = customer
                .refunds
                .iter()
                .map(|refund| matches!(refund.standing, Standing::Requested | Standing::Reviewed))
                .collect();
            for at in customer.lots_in_order(|lot| lot.held_by.is_none_or(|refund| waiting[refund])) {
                let part = rest.min(customer.lots[at].left);
                customer.lots[at].left -= part;
                rest -= part;
                parts.push((Purse::Lot(at), part));
            }
            parts.retain(|part| part.1 > 0);
            let from_principal = row.amount - from_gift - rest;
            let (key, product, amount, used_at) = (row.key, row.product, row.amount, row.used_at);
            let billed = self.step;
            customer.charges.push(Charge {
                key,
                product,
                amount,
                used_at,
                billed,
                from_gift,
                from_principal,
                owed: rest,
                parts,
            });
            self.house(&format!("revenue.{product} CNY"), from_gift - amount);
            self.house("gift_used CNY.GIFT", -from_gift);
        }
    }

    /// RA 9.3: the last report counts.
    pub fn report_unbilled(&mut self, who: usize, amount: i64, until: i64) {
        let (told, told_at) = (self.step, self.now);
        self.customers[who].reports.push(Report { amount, until, told, told_at });
    }

    /// RA 6.2: what ran out leaves the wallet, but for what an application reserved and what usage that was reported
    /// before the end still needs.
    pub fn expire(&mut self) {
        let now = self.now;
        for who in 0..self.customers.len() {
            let customer = &mut self.customers[who];
            let unbilled = customer.unbilled(None);
            let reported = customer.reports.last().map(|report| report.told_at);
            let (mut before, mut gone) = (0, 0);
            for at in
                customer.gifts_in_order(|gift| gift.expires.is_some_and(|end| end <= now) && gift.left > gift.reserved)
            {
                let gift = &mut customer.gifts[at];
                let free = gift.left - gift.reserved;
                let needed = if reported < gift.expires { unbilled } else { 0 };
                let stays = free.min((needed - before).max(0));
                before += free;
                gift.left -= free - stays;
                gone += free - stays;
            }
            self.house("gift_expired CNY.GIFT", -gone);
        }
    }

    /// What is owed for usage is paid by principal that is free, the oldest usage first.
    fn collect(&mut self, who: usize) {
        let customer = &mut self.customers[who];
        for at in customer.owing() {
            for lot in customer.lots_in_order(|lot| lot.held_by.is_none() && !lot.refunded) {
                let part = customer.charges[at].owed.min(customer.lots[lot].left);
                customer.lots[lot].left -= part;
                let charge = &mut customer.charges[at];
                charge.owed -= part;
                charge.from_principal += part;
                charge.give(Purse::Lot(lot), part);
            }
        }
    }

    /// A recharge is taken back whole, before anything of it or of its gift was used.
    pub fn reverse(&mut self, who: usize, lot: usize) -> Told {
        let customer = &mut self.customers[who];
        let consumed: i64 = customer
            .charges
            .iter()
            .flat_map(|charge| &charge.parts)
            .filter(|part| part.0 == Purse::Lot(lot))
            .map(|part| part.1)
            .sum();
        let gift = customer.gifts.iter().position(|gift| gift.order_no == customer.lots[lot].order_no);
        let of = &customer.lots[lot];
        if of.reversed {
            return Err("journal_already_reversed");
        }
        if consumed > 0 {
            return Err("reversal_lot_consumed");
        }
        if of.held_by.is_some() {
            return Err("reversal_lot_held");
        }
        if of.refunded {
            return Err("reversal_lot_refunded");
        }
        if gift.is_some_and(|at| customer.gifts[at].left < customer.gifts[at].amount) {
            return Err("reversal_gift_used");
        }
        let (alipay, principal) = (of.alipay, of.principal);
        customer.lots[lot].reversed = true;
        customer.lots[lot].left = 0;
        let mut granted = 0;
        if let Some(at) = gift {
            granted = customer.gifts[at].amount;
            (customer.gifts[at].left, customer.gifts[at].reserved) = (0, 0);
        }
        self.house(if alipay { "alipay_clearing CNY" } else { "wechat_clearing CNY" }, -principal);
        self.house("gift_granted CNY.GIFT", -granted);
        Ok(())
    }

    /// What is given up is the oldest usage that is owed; a rest below the fen goes with it.
    pub fn write_off(&mut self, who: usize, amount: i64) -> Told {
        let owed = self.customers[who].owed();
        let amount = if (amount - owed).abs() < FEN { owed } else { amount };
        if amount > owed {
            return Err("adjustment_exceeds_receivable");
        }
        let mut rest = amount;
        for at in self.customers[who].owing() {
            let charge = &mut self.customers[who].charges[at];
            let part = rest.min(charge.owed);
            charge.owed -= part;
            rest -= part;
        }
        self.house("bad_debts CNY", amount);
        Ok(())
    }

    /// Billed usage is given back to what paid for it: principal first, the newest lot first.
    pub fn give_back(&mut self, who: usize, charge: usize, amount: i64) -> Told {
        let customer = &mut self.customers[who];
        if amount > customer.charges[charge].parts.iter().map(|part| part.1).sum() {
            return Err("credit_back_exceeds_usage");
        }
        let mut parts = customer.charges[charge].parts.clone();
        parts.sort_by_key(|part| match part.0 {
            Purse::Lot(at) => (0, usize::MAX - at),
            Purse::Gift(at) => (1, at),
        });
        let (mut rest, mut principal, mut gift) = (amount, 0, 0);
        for (purse, paid) in parts {
            let part = rest.min(paid);
            rest -= part;
            customer.charges[charge].give(purse, -part);
            match purse {
                Purse::Gift(at) => {
                    customer.gifts[at].left += part;
                    gift += part;
                }
                Purse::Lot(at) => {
                    principal += part;
                    // On a lot that was refunded: a child lot, refundable once (1.4, 7).
                    if customer.lots[at].refunded {
                        customer.child_lot(at, part);
                    } else {
                        customer.lots[at].left += part;
                    }
                }
            }
        }
        let product = customer.charges[charge].product;
        self.house(&format!("revenue.{product} CNY"), principal);
        self.house("gift_used CNY.GIFT", gift);
        self.collect(who);
        Ok(())
    }
}

impl Charge {
    fn give(&mut self, purse: Purse, amount: i64) {
        match self.parts.iter_mut().find(|part| part.0 == purse) {
            Some(part) => part.1 += amount,
            None => self.parts.push((purse, amount)),
        }
        self.parts.retain(|part| part.1 > 0);
    }
}

impl Customer {
    /// Lots that an order made; what a refund or a credit-back made of them is not one.
    pub fn paid_lots(&self) -> Vec<usize> {
        (0..self.lots.len()).filter(|&at| !self.lots[at].order_no.contains('/')).collect()
    }

    pub fn owed(&self) -> i64 {
        self.charges.iter().map(|charge| charge.owed).sum()
    }

    /// Usage that nothing has paid yet, the oldest first.
    fn owing(&self) -> Vec<usize> {
        let mut owing: Vec<usize> = (0..self.charges.len()).filter(|&at| self.charges[at].owed > 0).collect();
        owing.sort_by_key(|&at| (self.charges[at].used_at, at));
        owing
    }

    fn gifts_in_order(&self, usable: impl Fn(&Gift) -> bool) -> Vec<usize> {
        let mut found: Vec<usize> =
            (0..self.gifts.len()).filter(|&at| self.gifts[at].left > 0 && usable(&self.gifts[at])).collect();
        found.sort_by_key(|&at| (self.gifts[at].expires.unwrap_or(i64::MAX), at));
        found
    }

    fn lots_in_order(&self, usable: impl Fn(&Lot) -> bool) -> Vec<usize> {
        let mut found: Vec<usize> =
            (0..self.lots.len()).filter(|&at| self.lots[at].left > 0 && usable(&self.lots[at])).collect();
        found.sort_by_key(|&at| (self.lots[at].paid_at, at));
        found
    }

    fn child_lot(&mut self, of: usize, left: i64) {
        if left == 0 {
            return;
        }
        self.lots[of].children += 1;
        let order_no = format!("{}/{}", self.lots[of].order_no, self.lots[of].children);
        let child = Lot { order_no, left, held_by: None, refunded: false, children: 0, ..self.lots[of].clone() };
        self.lots.push(child);
    }

    /// The last report, less what was billed of it since; as it was known at a step.
    fn unbilled(&self, known: Option<usize>) -> i64 {
        let known = known.unwrap_or(usize::MAX);
        let Some(report) = self.reports.iter().rev().find(|report| report.told <= known) else { return 0 };
        let counted =
            |charge: &&Charge| charge.billed > report.told && charge.billed <= known && charge.used_at <= report.until;
        let billed: i64 = self.charges.iter().filter(counted).map(|charge| charge.amount).sum();
        (report.amount - billed).max(0)
    }

    /// Unbilled usage first (gift, then the first paid lot), each lot floored to the fen, the fee for each lot.
    fn sheet(&self, of: Option<usize>, now: i64, known: Option<usize>) -> Sheet {
        let alive = |gift: &&Gift| gift.expires.is_none_or(|end| end > now);
        let gifts: i64 =
            self.gifts.iter().filter(alive).map(|gift| if of.is_some() { gift.reserved } else { gift.left }).sum();
        let unbilled = self.unbilled(known);
        let gift_part = unbilled.min(gifts);
        let mut rest = unbilled - gift_part;
        let mut lots = Vec::new();
        for at in self.lots_in_order(|lot| lot.held_by == of && (of.is_some() || !lot.refunded)) {
            let lot = &self.lots[at];
            let taken = rest.min(lot.left);
            rest -= taken;
            let refundable = (lot.left - taken) / FEN * FEN;
            // 0.6 % half-up to the fen at Alipay, nothing at WeChat, which gives its fee back (A10).
            let fee = if lot.alipay { ((refundable * 6 / 1000 + FEN / 2) / FEN * FEN).min(refundable) } else { 0 };
            lots.push(SheetLot { lot: at, taken, refundable, residual: lot.left - taken - refundable, fee });
        }
        Sheet { lots, gift_part }
    }
}

/// Everything as lines of text, so that a difference reads itself.
pub fn lines(plain: &Plain, refs: &[String]) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (customer, name) in plain.customers.iter().zip(refs) {
        let mut balances: BTreeMap<&str, i64> = BTreeMap::new();
        for lot in &customer.lots {
            let held = lot.held_by.map_or("nobody", |refund| customer.refunds[refund].id.as_str());
            lines.insert(format!(
                "{name} lot {} left {} held by {held} refunded {}",
                lot.order_no, lot.left, lot.refunded
            ));
            *balances.entry(if lot.held_by.is_some() { "refund_hold CNY" } else { "wallet CNY" }).or_default() +=
                lot.left;
        }
        for gift in &customer.gifts {
            lines.insert(format!("{name} gift of {} left {} reserved {}", gift.order_no, gift.left, gift.reserved));
            *balances.entry("wallet CNY.GIFT").or_default() += gift.left;
        }
        for charge in &customer.charges {
            let (gift, principal, owed) = (charge.from_gift, charge.from_principal, charge.owed);
            lines
                .insert(format!("{name} usage {} from gift {gift} from principal {principal} owed {owed}", charge.key));
            *balances.entry("receivable CNY").or_default() -= owed;
        }
        for refund in &customer.refunds {
            let standing = format!("{:?}", refund.standing).to_lowercase();
            lines.insert(format!("{name} refund {} {standing}", refund.id));
        }
        for (account, amount) in balances.iter().filter(|balance| *balance.1 != 0) {
            lines.insert(format!("{name} {account} {amount}"));
        }
    }
    for (account, amount) in plain.house.iter().filter(|balance| *balance.1 != 0) {
        lines.insert(format!("house {account} {amount}"));
    }
    lines
}
