import { createConnection } from './client/connection.ts';
import { chooseOpenLink } from './client/open-link.ts';
import { startPage } from './start-page.tsx';
import { followConnection } from './store/subscriptions.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
const connection = createConnection(chooseOpenLink(window));
followConnection(startPage(connection.client, root), connection);
