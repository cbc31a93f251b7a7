import { useMemo, useState } from "react";

import type { TaskPreview } from "../wire";
import type { DeskActions } from "./desk";
import { fromEarlier } from "./dialogues";
import { Instructions, useHelp } from "./Instructions";
import { PartDesk } from "./PartDesk";
import { PartTabs } from "./PartTabs";
import { type Labels, NO_LABELS, withValue } from "./places";
import { partName } from "./sentences";

/** The tasks on sample dialogues, to be tried before anything is begun. What is answered here goes nowhere. */
export function Preview({ preview }: { readonly preview: TaskPreview }) {
  const [isOpened, setIsOpened] = useState(false);
  return (
    <details className="preview" onToggle={({ currentTarget }) => setIsOpened((before) => before || currentTarget.open)}>
      <summary>See an example of the task</summary>
      {isOpened && <PreviewDesk preview={preview} />}
    </details>
  );
}

function PreviewDesk({ preview }: { readonly preview: TaskPreview }) {
  const { parts } = preview;
  const [labels, setLabels] = useState<Labels>({});
  const [active, setActive] = useState(parts[0]?.part ?? 0);
  const help = useHelp(active);
  const actions = useMemo<DeskActions>(
    () => ({ answer: (spot, value) => setLabels((before) => withValue(before, spot, value)), help: help.ask }),
    [help.ask],
  );
  const dialogues = useMemo(() => preview.dialogues.map(fromEarlier), [preview]);
  const part = parts.find((each) => each.part === active);
  if (part === undefined) return null;
  return (
    <div className="preview-body">
      <p className="muted">Try it as you like. Nothing here is saved or counted.</p>
      <PartTabs parts={parts} active={active} nameOf={(each) => partName(each, parts)} onChoose={setActive} />
      <Instructions key={active} html={part.task.instructions_html} help={help} isFolded />
      <div className="desk">
        <PartDesk
          key={active}
          part={part}
          dialogues={part.dialogues.flatMap((index) => dialogues[index] ?? [])}
          labels={labels[active] ?? NO_LABELS}
          isDisabled={false}
          actions={actions}
        />
      </div>
    </div>
  );
}
