/** A mailer of its own process, for the tests to kill: `mailer-child.ts <database> <smtp>`. Delivers what is due. */
import { openStore } from '@paperboy/store';
import { mailerOn } from './mailer-of-tests.ts';

const [url = '', smtpUrl = ''] = process.argv.slice(2);
const { db, close } = openStore({ url });
const mailer = await mailerOn({ db }, { smtpUrl });
await mailer.deliverDue();
await mailer.close();
await close();
