import type { Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy openapi`: the document of the API, without a running service. */
export function openapiCommand(cli: Cli): Command {
  return commandWith(
    'openapi',
    'The document of the JSON API (OpenAPI 3.1), as /openapi.json has it; no database',
    'openapi > openapi.json',
  ).action(async (options: CommonOptions) => {
    const { readSettings } = await import('@paperboy/runtime');
    const { loadOpenApi } = await import('@paperboy/web');
    const document = await loadOpenApi(readSettings(cli.context.env).publicUrl);
    cli.output(options).fact(document, JSON.stringify(document, null, 2));
  });
}
