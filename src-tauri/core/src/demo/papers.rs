//! Statements written the way the providers write them, with every oddity that the reader has to survive.

use crate::files::money_text;
use chrono::{DateTime, FixedOffset, NaiveDate};
use encoding_rs::GBK;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Write as _;
use std::io::Write as _;

/// The demo merchant's numbers at both providers.
const ALIPAY_ACCOUNT: &str = "20880000000000010156";
const WECHAT_MERCHANT: &str = "1900000001";

const ALIPAY_HEADER: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,\
    订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,\
    商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const ALIPAY_SUMMARY_HEADER: &str = "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,\
    商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";
const WECHAT_HEADER: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
    货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,\
    费率,订单金额,申请退款金额,费率备注";
const WECHAT_SUMMARY_HEADER: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

/// Money that moved through a provider: a payment, or with `refund_no` a refund.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    /// Our order number.
    pub order_no: String,
    /// The provider's number of the payment.
    pub provider_no: String,
    /// Our refund number.
    pub refund_no: Option<String>,
    /// When it succeeded.
    pub occurred_at: DateTime<FixedOffset>,
    /// Never negative.
    pub amount: Decimal,
    /// The payer as the provider shows it.
    pub payer: String,
}

impl Movement {
    /// 0.6 %, rounded to the fen: taken from a payment, given back on a refund.
    fn fee(&self) -> Decimal {
        (self.amount * Decimal::new(6, 3)).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    }

    fn time(&self) -> String {
        self.occurred_at.format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// The sums that trailers state: how many, amounts, fees; payments and refunds apart.
#[derive(Default)]
struct Sums {
    payments: usize,
    refunds: usize,
    paid: Decimal,
    refunded: Decimal,
    fees: Decimal,
    fees_back: Decimal,
}

fn sums(movements: &[Movement]) -> Sums {
    let mut sums = Sums::default();
    for movement in movements {
        if movement.refund_no.is_some() {
            sums.refunds += 1;
            sums.refunded += movement.amount;
            sums.fees_back += movement.fee();
        } else {
            sums.payments += 1;
            sums.paid += movement.amount;
            sums.fees += movement.fee();
        }
    }
    sums
}

/// Alipay's ZIP of the days `from` to `to`: summary first, entry names in GBK without the flag that says so.
pub fn write_alipay(from: NaiveDate, to: NaiveDate, movements: &[Movement]) -> Vec<u8> {
    let detail = GBK.encode(&alipay_detail(from, to, movements)).0.into_owned();
    let summary = GBK.encode(&alipay_summary(from, to, movements)).0.into_owned();
    let stem = format!("{ALIPAY_ACCOUNT}_{}", from.format("%Y%m%d"));
    archive(&[(&format!("{stem}_业务明细(汇总).csv"), &summary), (&format!("{stem}_业务明细.csv"), &detail)])
}

fn alipay_frame(title: &str, list: &str, from: NaiveDate, to: NaiveDate) -> String {
    let until = to.succ_opt().unwrap_or(to);
    let day = |day: NaiveDate| day.format("%Y年%m月%d日 00:00:00").to_string();
    format!(
        "#支付宝{title}查询\r\n#账号：[{ALIPAY_ACCOUNT}]\r\n#起始日期：[{}]   终止日期：[{}]\r\n#{line}{list}{line}\r\n",
        day(from),
        day(until),
        line = "-".repeat(41),
    )
}

fn alipay_detail(from: NaiveDate, to: NaiveDate, movements: &[Movement]) -> String {
    let mut text = alipay_frame("业务明细", "业务明细列表", from, to);
    text.push_str(ALIPAY_HEADER);
    text.push_str("\r\n");
    for movement in movements {
        let (word, sign, fee_sign) =
            if movement.refund_no.is_some() { ("退款", "-", "") } else { ("交易", "", "-") };
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{}\t,{}\t,{word}\t,账户充值,{time},{time},\t,\t,\t,\t,{}\t,{sign}{amount},{sign}{amount},0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,{}\t,{fee_sign}{},0.00,\r\n",
            movement.provider_no,
            movement.order_no,
            movement.payer,
            movement.refund_no.as_deref().unwrap_or(""),
            movement.fee(),
            time = movement.time(),
            amount = money_text(movement.amount),
        );
    }
    let sums = sums(movements);
    let _ = write!(
        text,
        "#{line}业务明细列表结束{line}\r\n#交易合计：{}笔，商家实收共{}元，商家优惠共0.00元\r\n#退款合计：{}笔，商家实收退款共{}元，商家优惠退款共0.00元\r\n#导出时间：[{}]\r\n",
        sums.payments,
        money_text(sums.paid),
        sums.refunds,
        money_text(-sums.refunded),
        to.succ_opt().unwrap_or(to).format("%Y年%m月%d日 05:46:49"),
        line = "-".repeat(38),
    );
    text
}

fn alipay_summary(from: NaiveDate, to: NaiveDate, movements: &[Movement]) -> String {
    let sums = sums(movements);
    let amount = money_text(sums.paid - sums.refunded);
    let fee = sums.fees_back - sums.fees;
    format!(
        "{}{ALIPAY_SUMMARY_HEADER}\r\n合计\t,\t,{},{},{amount},{amount},0.00,0.00,0.00,{},0.00,{}\r\n#{line}业务汇总列表结束{line}\r\n",
        alipay_frame("业务汇总", "业务汇总列表", from, to),
        sums.payments,
        sums.refunds,
        money_text(fee),
        money_text(sums.paid - sums.refunded + fee),
        line = "-".repeat(38),
    )
}

/// WeChat's trade bill, type ALL: UTF-8 with its mark, a backtick before every field, two summary lines.
pub fn write_wechat(movements: &[Movement]) -> Vec<u8> {
    let mut text = format!("\u{feff}{WECHAT_HEADER}\r\n");
    for movement in movements {
        let fee = movement.fee();
        let amount = money_text(movement.amount);
        let line = match &movement.refund_no {
            None => format!(
                "`{},`wx0000000000000001,`{WECHAT_MERCHANT},`0,`,`{},`{},`{},`NATIVE,`SUCCESS,`OTHERS,`CNY,`{amount},`0.00,`0,`0,`0.00,`0.00,`,`,`账户充值,`{{\"order\":\"{}\",\"v\":1}},`{fee:.5},`0.60%,`{amount},`0.00,`",
                movement.time(),
                movement.provider_no,
                movement.order_no,
                movement.payer,
                movement.order_no,
            ),
            Some(refund_no) => format!(
                "`{},`wx0000000000000001,`{WECHAT_MERCHANT},`0,`,`{},`{},`{},`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5{},`{refund_no},`{amount},`0.00,`ORIGINAL,`SUCCESS,`账户充值,`,`{:.5},`0.60%,`0.00,`{amount},`",
                movement.time(),
                movement.provider_no,
                movement.order_no,
                movement.payer,
                &movement.provider_no[1..],
                -fee,
            ),
        };
        text.push_str(&line);
        text.push_str("\r\n");
    }
    let sums = sums(movements);
    let (paid, refunded) = (money_text(sums.paid), money_text(sums.refunded));
    let _ = write!(
        text,
        "{WECHAT_SUMMARY_HEADER}\r\n`{},`{paid},`{refunded},`0.00,`{:.5},`{paid},`{refunded}\r\n",
        movements.len(),
        sums.fees - sums.fees_back,
    );
    text.into_bytes()
}

/// A ZIP whose entry names are GBK and do not say so, as Alipay's are. The archive crate cannot write that:
/// it marks every name that is not ASCII as UTF-8.
pub fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in members {
        let name = GBK.encode(name).0;
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        // Writing to memory cannot fail.
        let _ = encoder.write_all(content);
        let packed = encoder.finish().unwrap_or_default();
        let offset = bytes.len() as u32;
        // Version 2.0, no flags, deflate, and a date that does not change from run to run (1 January 2024).
        let mut common: Vec<u8> = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0x58];
        for figure in [crc.sum(), packed.len() as u32, content.len() as u32] {
            common.extend(figure.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.iter());
        bytes.extend(packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.iter());
    }
    let (start, count) = (bytes.len() as u32, members.len() as u16);
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}
