import Testing

/// The reader of a failing golden test relies on it.
@Suite struct DifferenceTests {
    @Test("The same texts have none")
    func none() {
        #expect(Difference.describe(from: "a\nb\n", to: "a\nb\n") == "")
    }

    @Test("What changed is shown with its line and what is around it")
    func change() {
        #expect(
            Difference.describe(from: "a\nb\nc\nd\ne\nf\ng", to: "a\nb\nc\nX\ne\nf\ng", context: 1)
                == "line 3:\n  c\n- d\n+ X\n  e\n"
        )
    }

    @Test("Places that are apart are shown apart")
    func apart() {
        #expect(
            Difference.describe(from: "a\nb\nc\nd\ne", to: "b\nc\nd\ne\nf", context: 0)
                == "line 1:\n- a\nline 5:\n+ f\n"
        )
    }
}
