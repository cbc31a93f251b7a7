/** Whose page this is, as the URL says: `?worker_id=…&assignment_id=…`. Other parameters are left as they are. */
import { newId } from "./ids";

export interface Link {
  /** Empty where the URL names nobody: then the page asks. */
  readonly workerId: string;
  readonly assignmentId: string;
}

/** Reads the link, and writes a new assignment id into the URL if it has none, so that a reload finds it again. */
export function readLink(): Link {
  const query = new URLSearchParams(location.search);
  const assignmentId = query.get("assignment_id") ?? "";
  if (assignmentId === "") setParameter("assignment_id", newId());
  return currentLink();
}

export function setWorkerId(workerId: string): Link {
  setParameter("worker_id", workerId);
  return currentLink();
}

function currentLink(): Link {
  const query = new URLSearchParams(location.search);
  return { workerId: query.get("worker_id")?.trim() ?? "", assignmentId: query.get("assignment_id") ?? "" };
}

function setParameter(name: string, value: string): void {
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  history.replaceState(history.state, "", url);
}
