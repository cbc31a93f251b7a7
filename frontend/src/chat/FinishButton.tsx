import { useState } from "react";

import { isPending } from "../claims";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { useSession } from "../session";

interface Props {
  readonly dialogue: number;
  readonly isOwnTurn: boolean;
  readonly hasDraft: boolean;
}

/** Appears once the chat is long enough, works on one's own turn, and asks first if something is written and not sent. */
export function FinishButton({ dialogue, isOwnTurn, hasDraft }: Props) {
  const { state, client } = useSession();
  const [isAsking, setIsAsking] = useState(false);
  const { standing } = state;
  const minimumTurns = state.dialogues[dialogue]?.minimumTurns ?? 0;
  if (standing?.kind !== "turn_asked") return null;
  if (!standing.may_finish && standing.turns_taken < minimumTurns) return null;

  const isFinishing = isPending(state, "finish");
  const mayFinish = isOwnTurn && standing.may_finish && !isPending(state, "say", "finish", "leave");
  const finish = () => client.say({ kind: "finish", dialogue });
  const onClick = () => {
    if (!mayFinish) return;
    if (hasDraft) setIsAsking(true);
    else finish();
  };
  return (
    <>
      <button type="button" aria-disabled={!mayFinish} onClick={onClick}>
        {isFinishing ? "Finishing…" : "Finish this chat"}
      </button>
      {isAsking && (
        <ConfirmDialog
          title="Finish without sending?"
          confirm="Finish anyway"
          cancel="Back to the chat"
          onConfirm={finish}
          onClose={() => setIsAsking(false)}
        >
          <p>You have written something that you have not sent yet. It will not be part of the chat.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
