import type { Agent, Dispatcher, request } from 'undici';

/** Asks over connections that it keeps for itself. */
export interface HttpAgent {
  request(url: URL, options: Parameters<typeof request<null>>[1]): Promise<Dispatcher.ResponseData>;
  /** Breaks off what is under way. */
  destroy(): Promise<void>;
}

/** undici's agent, opened with the first request: a start that fetches nothing does without its hundred files. */
export class Connections {
  readonly #options: Agent.Options;
  #agent: Promise<HttpAgent> | undefined;

  constructor(options: Agent.Options) {
    this.#options = options;
  }

  open(): Promise<HttpAgent> {
    this.#agent ??= openAgent(this.#options);
    return this.#agent;
  }

  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }
}

async function openAgent(options: Agent.Options): Promise<HttpAgent> {
  const undici = await import('undici');
  const dispatcher = new undici.Agent(options);
  return {
    request: (url, asked) => undici.request(url, { ...asked, dispatcher }),
    destroy: () => dispatcher.destroy(),
  };
}
