import { useEffect } from "react";

import type { Client } from "./client";
import { Gates } from "./gates/Gates";
import { Shell } from "./parts/Shell";
import { ClientContext, useSession } from "./session";
import type { State } from "./state";

export function App({ client }: { readonly client: Client }) {
  useEffect(() => {
    client.start();
    return () => client.stop();
  }, [client]);
  return (
    <ClientContext value={client}>
      <Page />
    </ClientContext>
  );
}

function Page() {
  const { state } = useSession();
  const title = titleOf(state);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Shell state={state}>
      <Gates state={state} />
    </Shell>
  );
}

/** Somebody who looks at another tab meanwhile sees in the title that it is their turn. */
function titleOf({ study, standing }: State): string {
  const title = study?.title ?? "Study";
  return standing?.kind === "turn_asked" && standing.seat === "person" ? `Your turn – ${title}` : title;
}
