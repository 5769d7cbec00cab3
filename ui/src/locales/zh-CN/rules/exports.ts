import type { Some } from "../../sentence";
import { fault } from "./fault";

export const exports = {
  export_cancelled: { what: "导出已取消。", why: "在文件完成前停止，没有留下文件。", next: "可随时重新导出。" },
  export_running: { what: "已有列表正在导出。", why: "列表须逐个导出。", next: "请等待其完成，或先停止。" },
  list_unknown: fault("该列表不能导出。"),
  export_not_described: fault("导出内容的说明不完整。"),
} satisfies Some;
