import type { Some } from "../../sentence";
import { fault } from "./fault";

export const platform = {
  platform_event_unknown: { what: "没有这条通知。", why: "平台按读取到的编号确认通知。", next: "请重新读取通知，按其编号确认。" },
  platform_event_not_read: { what: "这条通知尚未被读取。", why: "只有读取过的才可能已执行。", next: "请先读取，再确认。" },
  platform_event_out_of_order: {
    what: (d) => `本账户第 ${String(d["earlier"])} 条通知尚未确认，现在确认的是第 ${String(d["place"])} 条。`,
    why: "同一账户的通知须按顺序执行：解锁不得先于锁定。",
    next: "请先确认较早的那一条。其他账户不受影响。",
  },
  platform_event_kind_malformed: fault("平台无法识别这类通知。"),
  platform_event_too_large: fault("发给平台的通知应为不超过 20,000 字节的对象。"),
  platform_event_place_taken: fault("同一账户有两条通知编号相同。"),
  platform_event_place_not_positive: fault("每个账户的通知从 1 开始编号。"),
  platform_event_acknowledged_unread: fault("通知未被读取，不能确认。"),
} satisfies Some;
