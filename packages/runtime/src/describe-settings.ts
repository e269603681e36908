import { defaultValue, type Setting, type Settings, settingsByName } from './settings.ts';

/** A setting as `config print` shows it. */
export interface SettingDescription {
  readonly variable: string;
  /** As a text that reads back the same; `***` for a secret that is set. */
  readonly value: string;
  readonly isDefault: boolean;
  readonly help: string;
}

/** What is in force, secrets masked, in the table's order. */
export function describeSettings(settings: Settings): SettingDescription[] {
  const values = new Map<string, unknown>(Object.entries(settings));
  const env = { HTTP_PORT: String(settings.httpPort) };
  return settingsByName().map(([name, setting]) => {
    const value = setting.parser.print(values.get(name));
    const isDefault = value === setting.parser.print(defaultValue(setting, env));
    const shown = setting.secret && !isDefault ? '***' : value;
    return { variable: setting.variable, value: shown, isDefault, help: setting.help };
  });
}

/** `.env.example`: every setting with its help and default, commented out. */
export function renderEnvExample(): string {
  const rows = settingsByName().map(([, setting]) => `${explain(setting)}\n${assignment(setting)}`);
  return `${HEADER}\n${rows.join('\n\n')}\n`;
}

const HEADER = `# Every setting of Paperboy with its default. Copy to .env and uncomment what you change.
# A secret can also come from a file: DATABASE_URL_FILE=/run/secrets/database-url
# Generated from the settings table by infra/generate-env-example.ts
`;

function explain({ help, parser, secret }: Setting<unknown>): string {
  return `# ${help}${secret ? ' Secret.' : ''}\n# Expects ${parser.expects}.`;
}

function assignment(setting: Setting<unknown>): string {
  return `#${setting.variable}=${setting.parser.print(defaultValue(setting, {}))}`;
}
