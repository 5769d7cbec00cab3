//! Refunds as the rules tell them: applied for, reviewed, approved, released, confirmed, recalled, given up.

use super::*;

impl Plain {
    /// RA 9.1, 9.2; A1, A3: the whole unconsumed principal is held, the gift is void but for what unbilled usage needs.
    pub fn apply(&mut self, who: usize, id: String) -> Told {
        let now = self.now;
        let customer = &mut self.customers[who];
        if customer.refunds.last().is_some_and(|last| last.open() || last.standing == Standing::Released) {
            return Err("refund_already_open");
        }
        let sheet = customer.sheet(None, now, None);
        if sheet.gross() <= 0 {
            return Err("refund_nothing_left");
        }
        if sheet.gross() - sheet.fee() <= 0 {
            return Err("refund_net_is_zero");
        }
        let number = customer.refunds.len();
        for lot in customer.lots.iter_mut().filter(|lot| lot.held_by.is_none() && !lot.refunded && lot.left > 0) {
            lot.held_by = Some(number);
        }
        let mut reserve = sheet.gift_part;
        let mut voided = 0;
        for at in customer.gifts_in_order(|gift| gift.expires.is_none_or(|end| end > now)) {
            let gift = &mut customer.gifts[at];
            let kept = gift.left.min(reserve);
            reserve -= kept;
            voided += gift.left - kept;
            (gift.left, gift.reserved) = (kept, kept);
        }
        customer.refunds.push(Refund { id, standing: Standing::Requested, approved: None, legs: Vec::new() });
        self.house("gift_voided CNY.GIFT", -voided);
        Ok(())
    }

    pub fn review(&mut self, who: usize) -> Told {
        let refund = self.last(who);
        if refund.standing != Standing::Requested {
            return Err("refund_not_requested");
        }
        refund.standing = Standing::Reviewed;
        Ok(())
    }

    pub fn approve(&mut self, who: usize) -> Told {
        let step = self.step;
        let standing = self.last(who).standing;
        if !matches!(standing, Standing::Reviewed | Standing::Approved) {
            return Err("refund_not_reviewed");
        }
        if standing == Standing::Approved && self.stands(who) {
            return Err("refund_already_approved");
        }
        let sheet = self.sheet_of_last(who);
        if sheet.gross() - sheet.fee() <= 0 {
            return Err("refund_net_is_zero");
        }
        let refund = self.last(who);
        refund.standing = Standing::Approved;
        // From now on late usage is owed and moves no figure.
        refund.approved = Some((sheet, step));
        Ok(())
    }

    /// 6.1: any changed figure drops the approval.
    fn stands(&mut self, who: usize) -> bool {
        let sheet = self.sheet_of_last(who);
        self.last(who).approved.as_ref().is_some_and(|(seen, _)| seen.figures() == sheet.figures())
    }

    fn sheet_of_last(&mut self, who: usize) -> Sheet {
        let customer = &self.customers[who];
        let number = customer.refunds.len() - 1;
        let known = match customer.refunds[number].standing {
            Standing::Approved => customer.refunds[number].approved.as_ref().map(|approved| approved.1),
            _ => None,
        };
        customer.sheet(Some(number), self.now, known)
    }

    pub(super) fn last(&mut self, who: usize) -> &mut Refund {
        self.customers[who].refunds.last_mut().expect("asked only where there is one")
    }

    /// One instruction for each lot; what unbilled usage may need is a lot of its own, refundable once.
    pub fn release(&mut self, who: usize) -> Told {
        if self.last(who).standing != Standing::Approved {
            return Err("refund_not_approved");
        }
        if !self.stands(who) {
            return Err("refund_figures_moved");
        }
        let sheet = self.sheet_of_last(who);
        let customer = &mut self.customers[who];
        let number = customer.refunds.len() - 1;
        for line in &sheet.lots {
            if line.refundable == 0 && line.residual == 0 {
                continue;
            }
            let state = if line.refundable == line.fee { LegState::Confirmed } else { LegState::Instructed };
            let leg = Leg { lot: line.lot, gross: line.refundable, fee: line.fee, residual: line.residual, state };
            customer.refunds[number].legs.push(leg);
            customer.lots[line.lot].left = line.residual;
            customer.lots[line.lot].refunded = true;
            customer.child_lot(line.lot, line.taken);
        }
        for lot in customer.lots.iter_mut().filter(|lot| lot.held_by == Some(number) && !lot.refunded) {
            lot.held_by = None;
        }
        customer.refunds[number].standing = Standing::Released;
        self.house("refund_payable CNY", sheet.fee() - sheet.gross());
        self.house("fee_income CNY", -sheet.fee());
        self.collect(who);
        Ok(())
    }

    /// The provider's statement shows the leg.
    pub fn confirm(&mut self, who: usize, leg: usize) {
        let refund = self.last(who);
        refund.legs[leg].state = LegState::Confirmed;
        let (lot, net) = (refund.legs[leg].lot, refund.legs[leg].gross - refund.legs[leg].fee);
        let alipay = self.customers[who].lots[lot].alipay;
        self.house("refund_payable CNY", net);
        self.house(if alipay { "alipay_clearing CNY" } else { "wechat_clearing CNY" }, -net);
        self.finish(who);
    }

    /// An instruction is taken back before it left: the lot is the customer's again.
    pub fn recall(&mut self, who: usize, leg: usize) {
        let refund = self.last(who);
        refund.legs[leg].state = LegState::Recalled;
        let (lot, gross, fee) = (refund.legs[leg].lot, refund.legs[leg].gross, refund.legs[leg].fee);
        let lot = &mut self.customers[who].lots[lot];
        lot.left += gross;
        lot.refunded = false;
        lot.held_by = None;
        self.house("refund_payable CNY", gross - fee);
        self.house("fee_income CNY", fee);
        self.finish(who);
        self.collect(who);
    }

    /// With the last leg the application is over, and rests below the fen are written off (A11; 1.4, 16).
    fn finish(&mut self, who: usize) {
        let customer = &mut self.customers[who];
        let refund = customer.refunds.last_mut().expect("it was released");
        if refund.legs.iter().any(|leg| leg.state == LegState::Instructed) {
            return;
        }
        let mut residual = 0;
        for leg in refund.legs.iter().filter(|leg| leg.state == LegState::Confirmed) {
            residual += leg.residual;
            customer.lots[leg.lot].left -= leg.residual;
            customer.lots[leg.lot].held_by = None;
        }
        let paid = refund.legs.iter().any(|leg| leg.state == LegState::Confirmed);
        refund.standing = if paid { Standing::Paid } else { Standing::Withdrawn };
        self.house("rounding CNY", -residual);
        self.void_reserve(who);
    }

    /// A3: the principal is free again, the gift is not.
    pub fn close(&mut self, who: usize, standing: Standing) -> Told {
        if !self.last(who).open() {
            return Err("refund_not_open");
        }
        let customer = &mut self.customers[who];
        let number = customer.refunds.len() - 1;
        for lot in customer.lots.iter_mut().filter(|lot| lot.held_by == Some(number)) {
            lot.held_by = None;
        }
        customer.refunds[number].standing = standing;
        self.void_reserve(who);
        self.collect(who);
        Ok(())
    }

    /// RA-31: what was reserved for unbilled usage and is not needed any more becomes void as well.
    fn void_reserve(&mut self, who: usize) {
        let customer = &mut self.customers[who];
        let mut needed = customer.unbilled(None);
        let mut voided = 0;
        for at in customer.gifts_in_order(|gift| gift.reserved > 0) {
            let gift = &mut customer.gifts[at];
            let kept = gift.reserved.min(needed);
            needed -= kept;
            voided += gift.reserved - kept;
            gift.left -= gift.reserved - kept;
            gift.reserved = 0;
        }
        self.house("gift_voided CNY.GIFT", -voided);
    }
}
