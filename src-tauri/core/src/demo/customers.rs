//! Who recharges in the demo books: invented firms, and people whose names say that they are examples.

use super::dice::Dice;
use chrono::{Days, NaiveDate};
use std::collections::HashSet;

/// An account holder.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// The platform's account number.
    pub number: String,
    /// Holder.
    pub name: String,
    /// A firm, or one person.
    pub is_enterprise: bool,
    /// From a block that is nobody's.
    pub phone: String,
    /// At a domain that is nobody's.
    pub email: String,
    /// Real-name authentication.
    pub verified: bool,
    /// Day of the first recharge.
    pub since: NaiveDate,
    /// How much business, relative to others.
    pub weight: u64,
    /// Part of the balance that is used up in a month, in percent.
    pub appetite: u64,
    /// Uses everything up and leaves.
    pub leaves: bool,
    /// Somebody else who pays for some of the recharges.
    pub other_payer: Option<String>,
}

impl Customer {
    /// The day after which somebody who leaves is gone.
    pub fn until(&self) -> Option<NaiveDate> {
        self.leaves.then(|| self.since + Days::new(120 + self.weight * 23))
    }

    /// Whether this is one of the names that the sketches use, which are kept for the open cases.
    pub fn is_well_known(&self) -> bool {
        WELL_KNOWN.contains(&self.name.as_str())
    }

    /// A newcomer who has not passed the real-name check.
    pub fn unverified(index: usize, since: NaiveDate) -> Self {
        Self {
            number: format!("C{}", 100_001 + index),
            name: format!("示例新客{}", ["甲", "乙", "丙"][index % 3]),
            is_enterprise: false,
            phone: format!("1380000{:04}", index % 10_000),
            email: format!("c{}@mail.example", 100_001 + index),
            verified: false,
            since,
            weight: 1,
            appetite: 20,
            leaves: false,
            other_payer: None,
        }
    }
}

const FIRST: &[&str] = &[
    "Blue", "Amber", "Cedar", "Quiet", "Silver", "Copper", "Willow", "Maple", "Juniper", "Bright", "Paper", "Glass",
    "Stone", "River", "Meadow", "Lantern", "Orchid", "Fern", "Linden", "Birch", "Coral", "Ember", "Frost", "Hazel",
    "Indigo", "Ivory", "Lark", "Moss", "Opal", "Pine", "Quartz", "Rowan", "Saffron", "Sage", "Teal", "Thistle",
];
const SECOND: &[&str] = &[
    "Logic", "Notes", "Apps", "Lab", "Parcel", "Works", "Studio", "Foundry", "Signals", "Press", "Garden", "Robotics",
    "Learning", "Index", "Atlas", "Relay", "Kitchen", "Travel", "Music", "Harvest",
];
const FIRST_ZH: &[&str] = &[
    "云杉", "霜叶", "松塔", "青禾", "白鹭", "蓝灯", "石榴", "晚樱", "溪桥", "竹影", "海棠", "雁行", "麦浪", "雪融",
    "橘井", "芦苇", "星砂", "桐花", "枫桥", "栗子", "荷塘", "月汀", "杏林", "柿子",
];
const SECOND_ZH: &[&str] = &["数据", "网络", "智能", "软件", "文化", "教育", "传媒", "工坊", "物流", "影像"];

const EXAMPLE: &[&str] = &["测试", "示例", "样例", "演示", "虚构", "练习", "范本", "假设"];
const STEMS: &[&str] = &["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const BRANCHES: &[&str] = &["子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"];
const EXAMPLE_EN: &[&str] = &["Sample", "Example", "Demo", "Trial", "Placeholder"];

/// The first names are those that the sketches of the screens use.
const WELL_KNOWN: &[&str] = &[
    "Blue Lantern 蓝灯笼",
    "Cedar Logic",
    "云杉数据",
    "Northwind Notes",
    "霜叶网络",
    "Fernway",
    "Linden Apps",
    "Harbour Lab",
    "Orchid Parcel",
];

/// One firm's name: English, Chinese, or both.
fn firm(dice: &mut Dice) -> String {
    let english = format!("{} {}", dice.pick(FIRST), dice.pick(SECOND));
    let chinese = format!("{}{}", dice.pick(FIRST_ZH), dice.pick(SECOND_ZH));
    match dice.below(10) {
        0..5 => english,
        5..7 => chinese,
        _ => format!("{english} {chinese}"),
    }
}

/// One person's name, which nobody can bear.
pub fn person(dice: &mut Dice) -> String {
    if dice.chance(12) {
        return format!("{} {}", dice.pick(EXAMPLE_EN), dice.pick(FIRST));
    }
    format!("{}{}{}", dice.pick(EXAMPLE), dice.pick(STEMS), dice.pick(BRANCHES))
}

/// All customers, the earliest first.
pub fn invent(dice: &Dice, count: usize, first_day: NaiveDate, last_day: NaiveDate) -> Vec<Customer> {
    let mut dice = dice.apart(1);
    let days = (last_day - first_day).num_days().max(1);
    let mut taken = HashSet::new();
    let mut customers = Vec::with_capacity(count);
    for index in 0..count {
        let known = WELL_KNOWN.get(index).map(|name| (*name).to_owned());
        let is_enterprise = known.is_some() || dice.chance(42);
        let name = known.unwrap_or_else(|| unused(&mut dice, &mut taken, is_enterprise));
        taken.insert(name.clone());
        // A third is there from the start; the rest arrives evenly, and the last newcomer a month before the end.
        let late =
            if index < WELL_KNOWN.len() || dice.chance(34) { dice.between(0, 20) } else { dice.between(0, days - 30) };
        customers.push(Customer {
            number: String::new(),
            name,
            is_enterprise,
            phone: String::new(),
            email: String::new(),
            verified: true,
            since: first_day + Days::new(late.clamp(0, days) as u64),
            weight: if is_enterprise { 2 + dice.below(12) } else { 1 + dice.below(4) },
            appetite: 15 + dice.below(60),
            leaves: dice.chance(12) && index >= WELL_KNOWN.len(),
            other_payer: dice.chance(8).then(|| person(&mut dice)),
        });
    }
    customers.sort_by_key(|customer| customer.since);
    for (index, customer) in customers.iter_mut().enumerate() {
        customer.number = format!("C{}", 100_001 + index);
        // 138 0000 xxxx: a block that no operator has given out.
        customer.phone = format!("1380000{:04}", index % 10_000);
        let host = if customer.is_enterprise { "firm" } else { "mail" };
        customer.email = format!("{}@{host}.example", customer.number.to_lowercase());
    }
    customers
}

fn unused(dice: &mut Dice, taken: &mut HashSet<String>, is_enterprise: bool) -> String {
    for _ in 0..30 {
        let name = if is_enterprise { firm(dice) } else { person(dice) };
        if !taken.contains(&name) {
            return name;
        }
    }
    // Two people may bear the same name; the books tell them apart by their account.
    if is_enterprise { format!("{} {}", firm(dice), taken.len()) } else { person(dice) }
}
