import { plainMoney } from "../amounts";
import { newId, type Result } from "../call";
import { Button } from "../parts/Button";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { useAction, useRead } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import classes from "./invoices.module.css";

type Task = Result<"invoices.list_red_tasks">[number];

/** Usage given back after it was invoiced: from which papers it is taken back, ready to be asked for. */
export function RedTasks() {
  const { words } = useSpeech();
  const text = words.printRoom.redTasks;
  const tasks = useRead("invoices.list_red_tasks", { most: 50 });
  if (!tasks.data?.length) return <Refusal error={tasks.error} />;
  return (
    <Panel title={text.title} hint={text.hint} data-testid="red-tasks">
      {tasks.data.map((task) => (
        <Row key={task.customer_id} task={task} />
      ))}
    </Panel>
  );
}

function Row({ task }: { task: Task }) {
  const { words } = useSpeech();
  const text = words.printRoom.redTasks;
  const ask = useAction("invoices.propose_red_letter");
  const clerk = useDuty("tax_clerk");
  const send = async (paper: Task["papers"][number]) => {
    if (await ask.send({ command_id: newId(), invoice_id: paper.invoice_id, reason_code: "04", lines: paper.lines })) notify(text.asked(paper.number));
  };
  return (
    <div className={classes.print} data-testid="red-task" data-ref={task.ref}>
      <span>
        <a href={`#/customers/${task.customer_id}`}><strong>{task.name}</strong></a> {text.due(plainMoney(task.due))}
        {/[1-9]/.test(task.proposed) && <span className="soft"> · {text.proposed(plainMoney(task.proposed))}</span>}
      </span>
      <span className={classes.rowButtons}>
        {task.papers.map((paper) => (
          <Button key={paper.invoice_id} small busy={ask.busy} blocked={!clerk && words.parts.refusal.needs(words.shell.duties.tax_clerk)} onClick={() => void send(paper)} data-testid="red-task-ask">
            {text.ask(paper.number, plainMoney(paper.total))}
          </Button>
        ))}
      </span>
      <Refusal error={ask.refusal} />
    </div>
  );
}
