/** How components reach the session: the state to show, and the client to act through. */
import { createContext, useContext, useSyncExternalStore } from "react";

import type { Client } from "./client";
import type { State } from "./state";

export const ClientContext = createContext<Client | null>(null);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("A component that needs the session stands outside of it.");
  return client;
}

export function useSession(): { readonly state: State; readonly client: Client } {
  const client = useClient();
  return { state: useSyncExternalStore(client.subscribe, client.getState), client };
}
