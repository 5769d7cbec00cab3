import { useEffect, useRef, useState, type DragEvent } from "react";
import { attachBytes, attachFile, clipboardPicture, newId, onFilesDropped, pickFiles, type Origin, type Subject } from "../call";
import { useNow } from "../session";
import { useFormats, useWords } from "../words";
import { Button } from "./Button";
import { cx } from "./cx";
import classes from "./attachments.module.css";

const limit_bytes = 20 * 1024 * 1024;

/** A paper that waits for its case: kept here until the form is sent, because before that there is no case to hang it on. */
export interface Paper {
  id: string;
  name: string;
  path: string | null;
  bytes: Uint8Array | null;
}

/** A paper that the database holds. */
export interface KeptPaper {
  id: string;
  file_name: string;
  size_bytes: string;
  received_at: string;
  opened: boolean;
}

export async function sendPaper(subject: Subject, paper: Paper, origin: Origin = {}): Promise<void> {
  if (paper.bytes) await attachBytes(paper.id, subject, paper.name, paper.bytes, origin);
  else if (paper.path) await attachFile(paper.id, subject, paper.path, origin);
}

interface BoxProps {
  /** Waiting papers, in a form; or each is handed over at once where `onTake` sends it. */
  papers: Paper[];
  onTake(papers: Paper[]): void;
  onRemove?(id: string): void;
  kept?: KeptPaper[];
  onOpen?(paper: KeptPaper): void;
  busy?: boolean;
  "data-testid"?: string;
}

/** Takes dropped files, pasted screenshots and chosen files: pictures, PDF, e-mails, ZIP. */
export function AttachmentsBox({ papers, onTake, onRemove, kept = [], onOpen, busy, ...rest }: BoxProps) {
  const words = useWords().parts.attachments;
  const formats = useFormats();
  const now = useNow();
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string[]>([]);
  const take = useRef(onTake);
  take.current = onTake;

  useEffect(
    () => onFilesDropped((paths) => take.current(paths.map((path) => ({ id: newId(), name: path.split(/[\\/]/).pop() ?? path, path, bytes: null })))),
    [],
  );

  const read = async (files: File[]) => {
    const fit = files.filter((file) => file.size <= limit_bytes);
    setRefused(files.filter((file) => file.size > limit_bytes).map((file) => file.name));
    const taken = await Promise.all(
      fit.map(async (file) => ({
        id: newId(),
        // A pasted picture has no name of its own that would tell anybody anything.
        name: /^image\.\w+$/.test(file.name) || !file.name ? words.screenshot(formats.exact(now.toISOString()).replace(/:/g, "")) : file.name,
        path: null,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    if (taken.length > 0) onTake(taken);
  };
  const pasted = async () => {
    const png = await clipboardPicture().catch(() => new Uint8Array());
    if (png.length > 0) await read([new File([new Uint8Array(png)], "image.png", { type: "image/png" })]);
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void read(files);
      } else if (event.clipboardData?.types.length === 0) {
        // The window's engine on Linux tells of a pasted picture, and keeps the picture: the host looks for it.
        void pasted();
      }
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read([...event.dataTransfer.files]);
  };
  const choose = () =>
    void pickFiles("attachment").then((paths) => {
      if (paths.length > 0) onTake(paths.map((path) => ({ id: newId(), name: path.split(/[\\/]/).pop() ?? path, path, bytes: null })));
    });
  return (
    <div
      className={cx(classes.box, over && classes.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      {...rest}
    >
      {(kept.length > 0 || papers.length > 0) && (
        <ul className={classes.papers}>
          {kept.map((paper) => (
            <li key={paper.id}>
              <button type="button" className={classes.paper} onClick={() => onOpen?.(paper)} title={paper.file_name}>
                <span className={classes.kind}>{kindOf(paper.file_name)}</span>
                <span className="clip">{paper.file_name}</span>
                <small>
                  {sizeText(Number(paper.size_bytes))}
                  {paper.opened && <span className={classes.opened}> ✓ {words.opened}</span>}
                </small>
              </button>
            </li>
          ))}
          {papers.map((paper) => (
            <li key={paper.id} className={classes.paper} data-testid="paper-waiting" data-name={paper.name}>
              <span className={classes.kind}>{kindOf(paper.name)}</span>
              <span className="clip" title={paper.name}>
                {paper.name}
              </span>
              <small>
                {busy ? words.sending : words.waiting}{" "}
                {onRemove && !busy && (
                  <button type="button" className={classes.remove} onClick={() => onRemove(paper.id)}>
                    {words.remove}
                  </button>
                )}
              </small>
            </li>
          ))}
        </ul>
      )}
      <p className={classes.invite}>
        {words.drop}{" "}
        <Button small kind="quiet" onClick={choose} data-testid="attach-choose">
          {words.choose}
        </Button>
        <small>{words.kinds}</small>
      </p>
      {refused.map((name) => (
        <p key={name} className={classes.refused} role="alert">
          {name}: {words.tooLarge}
        </p>
      ))}
    </div>
  );
}

const kindOf = (name: string): string => (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? "file").toUpperCase();

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
