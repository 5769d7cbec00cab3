import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asKontorError, attachmentBytes, lookInside, partBytes, saveFile, type Inside, type KontorError, type PaperPart } from "../call";
import { moving } from "../reading";
import { useFormats, useWords } from "../words";
import { Button } from "./Button";
import { Dialog } from "./Form";
import { Skeleton } from "./Loading";
import { PdfPreview } from "./PdfPreview";
import { Refusal } from "./Refusal";
import { sizeText } from "./Attachments";
import classes from "./paperDialog.module.css";

export interface ShownPaper {
  id: string;
  file_name: string;
  media_type: string;
  sha256?: string;
}

const hasInside = (mediaType: string): boolean => mediaType === "message/rfc822" || mediaType === "application/zip";

/** What is looked at: the paper, or something inside it. */
interface Looked {
  name: string;
  media_type: string;
  bytes: Uint8Array;
  inside: Inside["contents"] | null;
}

/** One paper over the screen: picture, PDF, e-mail, archive or text. Its bytes come only after the look was put on record. */
export function PaperDialog({ paper, onClose }: { paper: ShownPaper; onClose(): void }) {
  const words = useWords().parts.attachments;
  const queries = useQueryClient();
  const [path, setPath] = useState<PaperPart[]>([]);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const way = path.map((part) => part.index);
  const wayText = way.join("/");
  useEffect(() => {
    let wanted = true;
    setLooked(null);
    setRefusal(null);
    read(paper, way).then(
      (read) => {
        if (wanted) setLooked(read);
        if (way.length === 0) void queries.invalidateQueries(moving);
      },
      (thrown: unknown) => wanted && setRefusal(asKontorError(thrown)),
    );
    return () => {
      wanted = false;
    };
    // The way is told by its text.
  }, [paper.id, wayText, queries]);
  return (
    <Dialog open onClose={onClose} title={paper.file_name} size={880} data-testid="paper-shown">
      {path.length > 0 && (
        <nav className={classes.way} aria-label={words.inside}>
          <button type="button" onClick={() => setPath([])} data-testid="paper-back">
            {paper.file_name}
          </button>
          {path.map((part, depth) => (
            <span key={depth}>
              {" › "}
              {depth < path.length - 1 ? (
                <button type="button" onClick={() => setPath(path.slice(0, depth + 1))}>
                  {part.name}
                </button>
              ) : (
                <strong>{part.name}</strong>
              )}
            </span>
          ))}
        </nav>
      )}
      <div className={classes.shown}>
        <Refusal error={refusal} />
        {!looked && !refusal && <Skeleton rows={8} />}
        {looked && <Content looked={looked} onOpen={(part) => setPath([...path, part])} />}
      </div>
      {looked && (
        <footer className={classes.foot}>
          <span className="clip muted">{path.length === 0 && paper.sha256 && `${words.sha} ${paper.sha256}`}</span>
          <Button small onClick={() => void saveFile(looked.name, looked.bytes)} data-testid="paper-save">
            {words.save}
          </Button>
        </footer>
      )}
    </Dialog>
  );
}

async function read(paper: ShownPaper, way: number[]): Promise<Looked> {
  if (way.length === 0) {
    const bytes = await attachmentBytes(paper.id);
    const inside = hasInside(paper.media_type) ? (await lookInside(paper.id, way)).contents : null;
    return { name: paper.file_name, media_type: paper.media_type, bytes, inside };
  }
  const { name, media_type, contents } = await lookInside(paper.id, way);
  return { name, media_type, bytes: await partBytes(paper.id, way), inside: contents };
}

function Content({ looked, onOpen }: { looked: Looked; onOpen(part: PaperPart): void }) {
  const words = useWords().parts.attachments;
  const { bytes, media_type, inside, name } = looked;
  const [address, setAddress] = useState<string | null>(null);
  const picture = media_type.startsWith("image/");
  useEffect(() => {
    if (!picture) return;
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: media_type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture, bytes, media_type]);
  if (picture) return address && <img className={classes.picture} src={address} alt={name} data-testid="paper-picture" />;
  if (media_type === "application/pdf") return <PdfPreview bytes={bytes} />;
  if (inside?.kind === "letter") return <Letter letter={inside} onOpen={onOpen} />;
  if (inside?.kind === "archive") {
    return (
      <>
        <Parts parts={inside.parts} onOpen={onOpen} />
        {inside.parts.length === 0 && <p className="muted">{words.archiveEmpty}</p>}
        {inside.more > 0 && <p className="muted">{words.archiveMore(String(inside.more))}</p>}
      </>
    );
  }
  if (media_type.startsWith("text/")) return <pre className={classes.letter} data-testid="paper-text">{textOf(bytes.slice(0, 200_000))}</pre>;
  return <p className="muted">{words.cannotShow}</p>;
}

/** A letter's head as the sender wrote it, and its words. Nothing that it points to is fetched. */
function Letter({ letter, onOpen }: { letter: Extract<Inside["contents"], { kind: "letter" }>; onOpen(part: PaperPart): void }) {
  const words = useWords().parts.attachments.letter;
  const formats = useFormats();
  const head = [
    ["from", letter.from],
    ["to", letter.to],
    ["cc", letter.cc],
    ["sent", letter.sent_at && formats.exact(letter.sent_at)],
    ["subject", letter.subject],
  ] as const;
  return (
    <article data-testid="letter">
      <dl className={classes.head}>
        {head.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{words[name]}</dt>
                <dd data-testid={`letter-${name}`}>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {(letter.from_page || letter.remote) && (
        <p className={classes.note} data-testid="letter-note">
          {letter.from_page && words.fromPage} {letter.remote && words.remote}
        </p>
      )}
      <Parts parts={letter.parts} onOpen={onOpen} />
      <pre className={classes.letter} data-testid="letter-text">
        {letter.text || words.empty}
      </pre>
    </article>
  );
}

function Parts({ parts, onOpen }: { parts: PaperPart[]; onOpen(part: PaperPart): void }) {
  const words = useWords().parts.attachments;
  if (parts.length === 0) return null;
  return (
    <ul className={classes.parts}>
      {parts.map((part) => (
        <li key={part.index}>
          {part.locked ? (
            <span className="muted">
              {part.name} · {words.locked}
            </span>
          ) : (
            <button type="button" onClick={() => onOpen(part)} data-testid="paper-part">
              <span className="clip">{part.name}</span>
              <small>{sizeText(part.size_bytes)}</small>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Most texts are UTF-8; what is not was written by a Chinese Windows. */
function textOf(bytes: Uint8Array): string {
  try {
    // The cut may have gone through a character: a stream forgives that, and nothing else.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}
