"""Eight checks, one request each."""


def test_signed(provider, expect):
    answer = provider.send(provider.event())
    expect.equal(answer.status, 200, "A signed delivery was not accepted.")


def test_wrong_secret(provider, expect):
    expect.equal(
        provider.send(provider.event(), signature="wrong-secret").status, 401, "Another secret got in."
    )


def test_tampered(provider, expect):
    expect.equal(provider.send(provider.event(), signature="tampered").status, 401, "A changed body got in.")


def test_unsigned(provider, expect):
    expect.equal(provider.send(provider.event(), signature="missing").status, 401, "Nothing signed got in.")


def test_upper_case(provider, expect):
    answer = provider.send(provider.event(), signature="uppercase")
    expect.equal(answer.status, 401, "A signature in upper case got in.")


def test_other_letters(provider, expect):
    answer = provider.send(provider.event("invoice.paid", customer="Zoë Müller, Kraków 🏰"))
    expect.equal(answer.status, 200, "Letters beyond ASCII did not get in.")


def test_no_event(provider, expect):
    expect.equal(provider.send(b"{not json").status, 400, "Bytes that are no JSON were taken.")


def test_other_method(provider, expect):
    expect.equal(provider.send(provider.event(), method="GET").status, 405, "GET was answered.")
