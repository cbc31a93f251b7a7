import { useState } from "react";

import { isPending } from "../claims";
import { useSession } from "../session";
import { ConfirmDialog } from "./ConfirmDialog";

/** Gives the place back, after asking. */
export function LeaveButton({ label }: { readonly label: string }) {
  const { state, client } = useSession();
  const [isAsking, setIsAsking] = useState(false);
  const isLeaving = isPending(state, "leave");
  return (
    <>
      <button type="button" className="quiet" aria-disabled={isLeaving} onClick={() => setIsAsking(!isLeaving)}>
        {isLeaving ? "Leaving…" : label}
      </button>
      {isAsking && (
        <ConfirmDialog
          title="Leave the study?"
          confirm="Leave now"
          cancel="Stay"
          onConfirm={() => client.say({ kind: "leave" })}
          onClose={() => setIsAsking(false)}
        >
          <p>Your place goes to somebody else, and you cannot come back to it.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
