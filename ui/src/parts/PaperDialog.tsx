import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asKontorError, attachmentBytes, saveFile, type KontorError } from "../call";
import { moving } from "../reading";
import { useWords } from "../words";
import { Button } from "./Button";
import { Dialog } from "./Form";
import { Skeleton } from "./Loading";
import { PdfPreview } from "./PdfPreview";
import { Refusal } from "./Refusal";
import classes from "./paperDialog.module.css";

export interface ShownPaper {
  id: string;
  file_name: string;
  media_type: string;
  sha256?: string;
}

/** One paper over the screen: picture, PDF, e-mail or text. Its bytes come only after the look was put on record. */
export function PaperDialog({ paper, onClose }: { paper: ShownPaper; onClose(): void }) {
  const words = useWords().parts.attachments;
  const queries = useQueryClient();
  const [bytes, setBytes] = useState<Uint8Array | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  useEffect(() => {
    let wanted = true;
    attachmentBytes(paper.id).then(
      (read) => {
        if (wanted) setBytes(read);
        void queries.invalidateQueries(moving);
      },
      (thrown: unknown) => wanted && setRefusal(asKontorError(thrown)),
    );
    return () => {
      wanted = false;
    };
  }, [paper.id, queries]);
  return (
    <Dialog open onClose={onClose} title={paper.file_name} size={880} data-testid="paper-shown">
      <div className={classes.shown}>
        <Refusal error={refusal} />
        {!bytes && !refusal && <Skeleton rows={8} />}
        {bytes && <Content paper={paper} bytes={bytes} />}
      </div>
      {bytes && (
        <footer className={classes.foot}>
          <span className="clip muted">{paper.sha256 && `${words.sha} ${paper.sha256}`}</span>
          <Button small onClick={() => void saveFile(paper.file_name, bytes)}>
            {words.save}
          </Button>
        </footer>
      )}
    </Dialog>
  );
}

function Content({ paper, bytes }: { paper: ShownPaper; bytes: Uint8Array }) {
  const words = useWords().parts.attachments;
  const [address, setAddress] = useState<string | null>(null);
  const picture = paper.media_type.startsWith("image/");
  useEffect(() => {
    if (!picture) return;
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: paper.media_type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture, bytes, paper.media_type]);
  if (picture) return address && <img className={classes.picture} src={address} alt={paper.file_name} />;
  if (paper.media_type === "application/pdf") return <PdfPreview bytes={bytes} />;
  if (paper.media_type.startsWith("text/") || paper.media_type === "message/rfc822") return <pre className={classes.letter}>{new TextDecoder().decode(bytes.slice(0, 200_000))}</pre>;
  return <p className="muted">{words.cannotShow}</p>;
}
