/** The whole page against a server that the test plays. */
import { act, render } from "@testing-library/react";

import { App } from "../App";
import { Client } from "../client";
import { readLink } from "../link";
import type { ToPage } from "../wire";
import { FakeSocket } from "./FakeSocket";
import { ATTACHED, joined } from "./examples";

/** Opens the page by a link that names a worker, as a visit or a reload does. */
export function visit(query = "?worker_id=W1&assignment_id=A1"): Client {
  history.replaceState(null, "", `/${query}`);
  const client = new Client(readLink(), "ws://study/page", () => 1);
  render(<App client={client} />);
  return client;
}

/** Opens the page, joins it to the session, and says the messages to it. */
export function visitJoined(...messages: readonly ToPage[]): FakeSocket {
  visit();
  hear(ATTACHED, joined(), ...messages);
  return FakeSocket.last;
}

export function hear(...messages: readonly ToPage[]): void {
  act(() => {
    const socket = FakeSocket.last;
    if (socket.readyState === 0) socket.accept();
    socket.say(...messages);
  });
}
