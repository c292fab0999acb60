/// Texts in Unicode normalisation form NFD, as far as Latin letters go: those of the blocks Latin-1
/// Supplement, Latin Extended-A and -B and Latin Extended Additional. All others stay as they are.
///
/// The standard library has no public normaliser, and the model imports nothing else.
enum CanonicalDecomposition {
    /// The scalars of a text, decomposed, with the marks of each letter in canonical order.
    ///
    /// - Complexity: O(*n*) for letters with a few marks.
    static func scalars(of text: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { append(scalar, to: &scalars) }
        return scalars
    }

    private static func append(_ scalar: Unicode.Scalar, to scalars: inout [Unicode.Scalar]) {
        // Nothing below decomposes.
        guard scalar.value >= 0xc0 else { return scalars.append(scalar) }
        if let (base, mark) = pairs[scalar] {
            append(base, to: &scalars)
            insert(mark, into: &scalars)
        } else {
            insert(scalar, into: &scalars)
        }
    }

    /// Puts a mark before those of a higher class (Unicode Standard, section 3.11, D109).
    private static func insert(_ scalar: Unicode.Scalar, into scalars: inout [Unicode.Scalar]) {
        let markClass = scalar.combiningClass
        var index = scalars.count
        while markClass != 0, index > 0, scalars[index - 1].combiningClass > markClass {
            index -= 1
        }
        scalars.insert(scalar, at: index)
    }

    /// What each letter with a mark is made of.
    private static let pairs: [Unicode.Scalar: (base: Unicode.Scalar, mark: Unicode.Scalar)] = {
        var pairs: [Unicode.Scalar: (base: Unicode.Scalar, mark: Unicode.Scalar)] = [:]
        for (mark, letters) in lettersByMark {
            for pair in letters.unicodeScalars.split(separator: " ") {
                guard let base = pair.first, let letter = pair.last else { continue }
                pairs[letter] = (base, mark)
            }
        }
        return pairs
    }()

    /// UnicodeData.txt, field 5: each letter beside what it is without its last mark.
    private static let lettersByMark: [(mark: Unicode.Scalar, letters: String)] = [
        // Grave accent.
        (
            "\u{0300}",
            """
            AÀ EÈ IÌ OÒ UÙ aà eè iì oò uù ÜǛ üǜ NǸ nǹ ĒḔ ēḕ ŌṐ ōṑ WẀ wẁ ÂẦ âầ ĂẰ ăằ ÊỀ êề ÔỒ ôồ \
            ƠỜ ơờ ƯỪ ưừ YỲ yỳ
            """
        ),
        // Acute accent.
        (
            "\u{0301}",
            """
            AÁ EÉ IÍ OÓ UÚ YÝ aá eé ií oó uú yý CĆ cć LĹ lĺ NŃ nń RŔ rŕ SŚ sś ZŹ zź ÜǗ üǘ GǴ gǵ \
            ÅǺ åǻ ÆǼ æǽ ØǾ øǿ ÇḈ çḉ ĒḖ ēḗ ÏḮ ïḯ KḰ kḱ MḾ mḿ ÕṌ õṍ ŌṒ ōṓ PṔ pṕ ŨṸ ũṹ WẂ wẃ ÂẤ âấ \
            ĂẮ ăắ ÊẾ êế ÔỐ ôố ƠỚ ơớ ƯỨ ưứ
            """
        ),
        // Circumflex accent.
        (
            "\u{0302}",
            """
            AÂ EÊ IÎ OÔ UÛ aâ eê iî oô uû CĈ cĉ GĜ gĝ HĤ hĥ JĴ jĵ SŜ sŝ WŴ wŵ YŶ yŷ ZẐ zẑ ẠẬ ạậ \
            ẸỆ ẹệ ỌỘ ọộ
            """
        ),
        // Tilde.
        (
            "\u{0303}",
            """
            AÃ NÑ OÕ aã nñ oõ IĨ iĩ UŨ uũ VṼ vṽ ÂẪ âẫ ĂẴ ăẵ EẼ eẽ ÊỄ êễ ÔỖ ôỗ ƠỠ ơỡ ƯỮ ưữ YỸ yỹ
            """
        ),
        // Macron.
        (
            "\u{0304}",
            """
            AĀ aā EĒ eē IĪ iī OŌ oō UŪ uū ÜǕ üǖ ÄǞ äǟ ȦǠ ȧǡ ÆǢ æǣ ǪǬ ǫǭ ÖȪ öȫ ÕȬ õȭ ȮȰ ȯȱ YȲ yȳ \
            GḠ gḡ ḶḸ ḷḹ ṚṜ ṛṝ
            """
        ),
        // Breve.
        (
            "\u{0306}",
            """
            AĂ aă EĔ eĕ GĞ gğ IĬ iĭ OŎ oŏ UŬ uŭ ȨḜ ȩḝ ẠẶ ạặ
            """
        ),
        // Dot above.
        (
            "\u{0307}",
            """
            CĊ cċ EĖ eė GĠ gġ Iİ ZŻ zż AȦ aȧ OȮ oȯ BḂ bḃ DḊ dḋ FḞ fḟ HḢ hḣ MṀ mṁ NṄ nṅ PṖ pṗ RṘ \
            rṙ SṠ sṡ ŚṤ śṥ ŠṦ šṧ ṢṨ ṣṩ TṪ tṫ WẆ wẇ XẊ xẋ YẎ yẏ ſẛ
            """
        ),
        // Diaeresis.
        (
            "\u{0308}",
            """
            AÄ EË IÏ OÖ UÜ aä eë iï oö uü yÿ YŸ HḦ hḧ ÕṎ õṏ ŪṺ ūṻ WẄ wẅ XẌ xẍ tẗ
            """
        ),
        // Hook above.
        (
            "\u{0309}",
            """
            AẢ aả ÂẨ âẩ ĂẲ ăẳ EẺ eẻ ÊỂ êể IỈ iỉ OỎ oỏ ÔỔ ôổ ƠỞ ơở UỦ uủ ƯỬ ưử YỶ yỷ
            """
        ),
        // Ring above.
        (
            "\u{030a}",
            """
            AÅ aå UŮ uů wẘ yẙ
            """
        ),
        // Double acute accent.
        (
            "\u{030b}",
            """
            OŐ oő UŰ uű
            """
        ),
        // Caron.
        (
            "\u{030c}",
            """
            CČ cč DĎ dď EĚ eě LĽ lľ NŇ nň RŘ rř SŠ sš TŤ tť ZŽ zž AǍ aǎ IǏ iǐ OǑ oǒ UǓ uǔ ÜǙ üǚ \
            GǦ gǧ KǨ kǩ ƷǮ ʒǯ jǰ HȞ hȟ
            """
        ),
        // Double grave accent.
        (
            "\u{030f}",
            """
            AȀ aȁ EȄ eȅ IȈ iȉ OȌ oȍ RȐ rȑ UȔ uȕ
            """
        ),
        // Inverted breve.
        (
            "\u{0311}",
            """
            AȂ aȃ EȆ eȇ IȊ iȋ OȎ oȏ RȒ rȓ UȖ uȗ
            """
        ),
        // Horn.
        (
            "\u{031b}",
            """
            OƠ oơ UƯ uư
            """
        ),
        // Dot below.
        (
            "\u{0323}",
            """
            BḄ bḅ DḌ dḍ HḤ hḥ KḲ kḳ LḶ lḷ MṂ mṃ NṆ nṇ RṚ rṛ SṢ sṣ TṬ tṭ VṾ vṿ WẈ wẉ ZẒ zẓ AẠ aạ \
            EẸ eẹ IỊ iị OỌ oọ ƠỢ ơợ UỤ uụ ƯỰ ưự YỴ yỵ
            """
        ),
        // Diaeresis below.
        (
            "\u{0324}",
            """
            UṲ uṳ
            """
        ),
        // Ring below.
        (
            "\u{0325}",
            """
            AḀ aḁ
            """
        ),
        // Comma below.
        (
            "\u{0326}",
            """
            SȘ sș TȚ tț
            """
        ),
        // Cedilla.
        (
            "\u{0327}",
            """
            CÇ cç GĢ gģ KĶ kķ LĻ lļ NŅ nņ RŖ rŗ SŞ sş TŢ tţ EȨ eȩ DḐ dḑ HḨ hḩ
            """
        ),
        // Ogonek.
        (
            "\u{0328}",
            """
            AĄ aą EĘ eę IĮ iį UŲ uų OǪ oǫ
            """
        ),
        // Circumflex accent below.
        (
            "\u{032d}",
            """
            DḒ dḓ EḘ eḙ LḼ lḽ NṊ nṋ TṰ tṱ UṶ uṷ
            """
        ),
        // Breve below.
        (
            "\u{032e}",
            """
            HḪ hḫ
            """
        ),
        // Tilde below.
        (
            "\u{0330}",
            """
            EḚ eḛ IḬ iḭ UṴ uṵ
            """
        ),
        // Macron below.
        (
            "\u{0331}",
            """
            BḆ bḇ DḎ dḏ KḴ kḵ LḺ lḻ NṈ nṉ RṞ rṟ TṮ tṯ ZẔ zẕ hẖ
            """
        ),
    ]
}

extension Unicode.Scalar {
    /// Where a mark stands among those of its letter; 0 for what is no such mark.
    var combiningClass: UInt8 {
        // The first mark is U+0300.
        value < 0x300 ? 0 : properties.canonicalCombiningClass.rawValue
    }
}
