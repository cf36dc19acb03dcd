import t from 'tap'
import { isPublicAddress } from '#src/lib/public-address.ts'

const addresses = {
  public: ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111'],
  'our own': ['127.0.0.1', '127.255.255.254', '0.0.0.0', '::1', '::'],
  'of our network': [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fc00::1',
    'fd12:3456::1',
  ],
  'of this link, where cloud metadata is': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
  'of many or of nobody': [
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    'ff02::1',
    '2001:db8::1',
  ],
  'of the old world in the new': [
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::1',
    '2001:0:7f00:1::1',
  ],
  none: ['', 'localhost', '127.1', '0x7f.1', '2130706433'],
}
for (const [what, list] of Object.entries(addresses))
  t.test(`addresses: ${what}`, async t => {
    for (const address of list) t.equal(isPublicAddress(address), what === 'public', address)
  })
