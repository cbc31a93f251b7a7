import { Component, type ReactNode } from "react";

interface BoundaryState {
  readonly failure: string | null;
}

/** The last resort: says that the page failed, and how to go on. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { failure: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <main className="card" role="alert">
        <h1>Something went wrong on this page</h1>
        <p>
          This is our mistake, not yours. What the study has saved is safe, and what you wrote is kept in this browser.
          Please reload the page to go on.
        </p>
        <p className="muted">What happened: {this.state.failure}</p>
        <div className="actions">
          <button type="button" className="primary" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      </main>
    );
  }
}
