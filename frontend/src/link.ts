/**
 * Whose page this is, as the URL says: `?worker_id=…&assignment_id=…`, signed with `&expires=…&signature=…` where the
 * study wants that. Other parameters are left as they are.
 */
import { newId } from "./ids";
import { MAX_SIGNATURE_CHARACTERS } from "./wire";

export interface Link {
  /** Empty where the URL names nobody: then the page asks. */
  readonly workerId: string;
  readonly assignmentId: string;
  /** Until when a signed link holds, in seconds since 1970; 0 where the URL does not say. */
  readonly expires: number;
  /** Empty where the URL has none. */
  readonly signature: string;
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
  const expires = query.get("expires") ?? "";
  return {
    workerId: query.get("worker_id")?.trim() ?? "",
    assignmentId: query.get("assignment_id") ?? "",
    expires: /^[0-9]{1,15}$/.test(expires) ? Number(expires) : 0,
    signature: query.get("signature")?.slice(0, MAX_SIGNATURE_CHARACTERS) ?? "",
  };
}

function setParameter(name: string, value: string): void {
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  history.replaceState(history.state, "", url);
}
