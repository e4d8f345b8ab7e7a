package gate_test

import "testing"

func TestAccountsOfOtherCountries(t *testing.T) {
	spots(t, []spot{
		{"IBAN DE89370400440532013000", "bank_card=DE89370400440532013000"},
		{"汇到DE89 3704 0044 0532 0130 00，谢谢", "bank_card=DE89 3704 0044 0532 0130 00"},
		{"GB29 NWBK 6016 1331 9268 19", "bank_card=GB29 NWBK 6016 1331 9268 19"},
		{"GB29nwbk60161331926819", "bank_card=GB29nwbk60161331926819"},
		{"IT60X0542811101000000123456", "bank_card=IT60X0542811101000000123456"},
		{"IE29AIBK93115212345678", "bank_card=IE29AIBK93115212345678"},
		{"LI21088100002324013AA", "bank_card=LI21088100002324013AA"},
		{"NO93-8601-1117-947", "bank_card=NO93-8601-1117-947"},
		{"SSN 123-45-6789", "permit=123-45-6789"},
		{"ssn: 123456789", "permit=123456789"},
		{"Social Security Number: 123-45-6789", "permit=123-45-6789"},
		{"SOCIAL SECURITY No. 123 45 6789", "permit=123 45 6789"},
		{"美国社会安全号码123-45-6789", "permit=123-45-6789"},
		{"社安號：123-45-6789", "permit=123-45-6789"},
		{"美国社会保障号123-45-6789", "permit=123-45-6789"},
		// nobody's
		{"IBAN DE88370400440532013000", ""},        // wrong check digits
		{"DE8937040044053201300A", ""},             // so too
		{"XX89370400440532013000", ""},             // no such country
		{"DE893704004405320130001", ""},            // one digit too many
		{"产品DE89 37040044 0532 013000", ""},        // no such groups
		{"SN 123-45-6789，ssnx 123456789", ""},      // other words
		{"SSN 123456789元，SSN 12345678", ""},        // a sum, a digit too few
		{"social security 2023-04-05", ""},         // a day
		{"社会保障号由9位组成，社会安全号段123个，安全号123456789", ""}, // no number behind
	})
}
