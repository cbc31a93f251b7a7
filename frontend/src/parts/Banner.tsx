import { contactOf } from "../claims";
import type { State } from "../state";

/** Says under the top bar what stands between the person and the study, if anything does. */
export function Banner({ state }: { readonly state: State }) {
  if (state.isOutdated) return <OutdatedBanner />;
  if (state.standing === null || state.standing.kind === "ended") return null;
  switch (contactOf(state)) {
    case "waiting":
      return (
        <p className="banner">
          The study is away for the moment. Nothing can be saved until it is back, but what you write is kept here.
        </p>
      );
    case "reconnecting":
      return <p className="banner">The connection is lost. Nothing can be saved until it is back, but what you write is kept here.</p>;
    case "connecting":
    case "connected":
      return null;
  }
}

function OutdatedBanner() {
  return (
    <p className="banner" role="alert">
      The study said something that this page does not understand. Reloading the page should help; nothing that you
      wrote will be lost.{" "}
      <button type="button" onClick={() => location.reload()}>
        Reload the page
      </button>
    </p>
  );
}
