import { newId, payoutFile, revealPath, saveFile, type PayoutFileKind } from "../call";

/** Asks where to, and keeps one of the two files of a batch there; false when the dialog was closed. */
export async function savePayoutFile(batch: { id: string; number: string; files: { kind: PayoutFileKind; file_name: string }[] }, kind: PayoutFileKind): Promise<boolean> {
  const bytes = await payoutFile(newId(), batch.id, kind);
  const path = await saveFile(batch.files.find((file) => file.kind === kind)?.file_name ?? `${batch.number}.csv`, bytes);
  if (path) void revealPath(path).catch(() => {});
  return path !== null;
}
