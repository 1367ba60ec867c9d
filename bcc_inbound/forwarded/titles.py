"""The lines above a forward in further languages; see markers.py. Data.

Thunderbird's, Gmail's and the web mailers' words for "forwarded message" (TITLES) and "original
message" (ORIGINALS), a language a row.
"""

TITLES = """
gl: mensaxe reenviada | mensaxe reenviado | correo reenviado
ast: mensaxe reunviáu | mensaxe reunviada
oc: messatge transferit | messatge reenviat
br: kemennadenn treuzkaset | kemennadenn treuzkaset deoc'h
cy: neges wedi'i hanfon ymlaen | neges a anfonwyd ymlaen | neges wedi ei hanfon ymlaen
ga: teachtaireacht curtha ar aghaidh | teachtaireacht ar aghaidh
gd: teachdaireachd air a shìneadh air adhart | teachdaireachd a chaidh a shìneadh air adhart
eu: birbidalitako mezua | berbidalitako mezua | birbidalitako mezu elektronikoa
mt: messaġġ mgħoddi | messaġġ mibgħut 'il quddiem
sq: mesazh i përcjellë | mesazhi i përcjellë | mesazh i ripërcjellë | mesazh i dërguar më tej
bs: proslijeđena poruka | prosljeđena poruka
mk: препратена порака | проследена порака | препратено писмо
be: перасланае паведамленне | пераадрасаванае паведамленне | перасланы ліст
af: aangestuurde boodskap | aangestuurde e-pos | deurgestuurde boodskap
fy: trochstjoerd berjocht
lb: weidergeleete message | weidergeleet noriicht | weidergeleete mail
nn: vidaresend melding | vidaresendt melding
fo: víðarisend boð | víðarisendur teldupostur
is: áframsent | framsend skilaboð | framsent skeyti | áframsent skeyti | áframsent bréf
eo: plusendita mesaĝo | transsendita mesaĝo
az: yönləndirilmiş mesaj | yönləndirilən mesaj | ötürülmüş mesaj | göndərilmiş mesaj
uz: yo'naltirilgan xabar | yo‘naltirilgan xabar | uzatilgan xabar
kk: қайта жіберілген хат | қайта жіберілген хабар | бағытталған хабарлама | жолданған хабарлама
ky: кайра жөнөтүлгөн кат | багытталган билдирүү | кайра жөнөтүлгөн билдирүү
mn: дамжуулсан захидал | дамжуулсан мессеж | дамжуулсан зурвас | дамжуулсан имэйл
ka: გადაგზავნილი შეტყობინება | გადაგზავნილი წერილი | გადამისამართებული წერილი
hy: փոխանցված հաղորդագրություն | փոխանցված նամակ | վերահասցեավորված նամակ | վերահասցեագրված նամակ
hi: अग्रेषित संदेश | आगे भेजा गया संदेश | अग्रेषित मेल | फ़ॉरवर्ड किया गया संदेश
bn: ফরোয়ার্ড করা বার্তা | ফরওয়ার্ড করা বার্তা | ফরওয়ার্ডকৃত বার্তা | অগ্রবর্তী বার্তা
ta: முன்னனுப்பிய செய்தி | முன்னனுப்பப்பட்ட செய்தி | பகிரப்பட்ட செய்தி | மேலனுப்பப்பட்ட செய்தி
te: ఫార్వర్డ్ చేసిన సందేశం | ఫార్వార్డ్ చేయబడిన సందేశం
mr: अग्रेषित संदेश | पुढे पाठवलेला संदेश
ne: अग्रेषित सन्देश | फर्वार्ड गरिएको सन्देश
ur: آگے بھیجا گیا پیغام | فارورڈ کردہ پیغام | ارسال کردہ پیغام | آگے بھیجا ہوا پیغام
fa: پیام هدایت شده | پیام بازارسال شده | پیام فوروارد شده | پیام ارجاع شده | پیام بازفرستاده
sw: ujumbe uliosambazwa | ujumbe uliotumwa mbele | ujumbe uliopelekwa mbele | ujumbe ulioelekezwa
tl: ipinasang mensahe | naipasang mensahe | ipinasa na mensahe
ms: mesej dimajukan | mesej yang dimajukan | mesej dipanjangkan | mel dimajukan
id: pesan diteruskan | pesan yang diteruskan | email terusan | pesan yang diteruskan
km: សារបានបញ្ជូនបន្ត | សារដែលបានបញ្ជូនបន្ត | សារបញ្ជូនបន្ត
lo: ຂໍ້ຄວາມທີ່ສົ່ງຕໍ່
my: တစ်ဆင့်ပို့ထားသော စာ | ထပ်ဆင့်ပို့သော စာ
si: ඉදිරියට යැවූ පණිවිඩය
am: የተላለፈ መልዕክት | የተላለፈ መልእክት
vi: thư chuyển tiếp | thư được chuyển tiếp | tin nhắn chuyển tiếp | thư đã chuyển tiếp
th: ข้อความส่งต่อ | ข้อความที่ส่งต่อ | จดหมายที่ส่งต่อ
hsb: dale sposrědkowana powěsć
sl: posredovano sporočilo | posredovana pošta
lv: pārsūtīta vēstule | pārsūtītais ziņojums | pārsūtīts ziņojums
et: edasi saadetud kiri | edastatud e-kiri
ro: mesaj redirecționat | mesaj retransmis | mesaj înaintat
hu: továbbított levél
el: προωθούμενο μήνυμα | προώθηση μηνύματος
he: הודעה מועברת | הודעה שהועברה
tr: yönlendirilmiş mesaj | yönlendirilen mesaj | iletilen mesaj | i̇letilen e-posta
ja: 転送されたメッセージ | 転送されたメール
ko: 전달된 메시지 | 전달 메시지 | 전달메일
"""

ORIGINALS = """
gl: mensaxe orixinal
ast: mensaxe orixinal
oc: messatge d'origina | messatge original
br: kemennadenn orin | kemennadenn kentañ
cy: neges wreiddiol | y neges wreiddiol
ga: bunteachtaireacht | teachtaireacht bhunaidh | an bhunteachtaireacht
gd: an teachdaireachd thùsail | teachdaireachd thùsail
eu: jatorrizko mezua | jatorrizko mezu elektronikoa
mt: messaġġ oriġinali
sq: mesazhi origjinal | mesazh origjinal
bs: originalna poruka | izvorna poruka
mk: оригинална порака
be: зыходнае паведамленне | арыгінальнае паведамленне
af: oorspronklike boodskap
fy: orizjineel berjocht | oarspronklik berjocht
lb: originalmessage | original message
nn: opphavleg melding | opprinneleg melding
fo: upprunalig boð
is: upprunaleg skilaboð | upphafleg skilaboð | upprunalegt skeyti | upprunalegur póstur
eo: originala mesaĝo
az: orijinal mesaj | əsl mesaj | ilkin mesaj | orijinal məktub
uz: asl xabar | dastlabki xabar
kk: бастапқы хат | бастапқы хабар | түпнұсқа хабар | бастапқы хабарлама
ky: баштапкы кат | баштапкы билдирүү
mn: анхны мессеж | эх захидал | анхны захидал | эх мессеж
ka: ორიგინალი შეტყობინება | თავდაპირველი შეტყობინება | საწყისი შეტყობინება | ორიგინალი წერილი
hy: սկզբնական հաղորդագրություն | բնօրինակ նամակ | առաջին հաղորդագրությունը
hi: मूल संदेश
bn: মূল বার্তা | আসল বার্তা
ta: அசல் செய்தி | மூலச் செய்தி | அசல் தகவல்
te: అసలు సందేశం | మూల సందేశం
kn: ಮೂಲ ಸಂದೇಶ
ml: യഥാർത്ഥ സന്ദേശം
mr: मूळ संदेश
ne: मूल सन्देश
gu: મૂળ સંદેશ
pa: ਮੂਲ ਸੁਨੇਹਾ | ਅਸਲੀ ਸੁਨੇਹਾ
ur: اصل پیغام
fa: پیام اصلی | پیغام اصلی
sw: ujumbe asili | ujumbe halisi | ujumbe wa awali
tl: orihinal na mensahe
ms: mesej asal
id: pesan asli | pesan asal
km: សារដើម
lo: ຂໍ້ຄວາມຕົ້ນສະບັບ
my: မူရင်းစာ | မူရင်း စာ
si: මුල් පණිවිඩය
am: ዋና መልዕክት | የመጀመሪያ መልዕክት | ዋናው መልዕክት
th: ข้อความต้นฉบับ | ข้อความเดิม | จดหมายต้นฉบับ
lv: sākotnējā ziņa | oriģinālā ziņa | sākotnējais ziņojums | oriģinālais ziņojums
lt: pradinis laiškas | originalus laiškas | pirminis laiškas | pradinis pranešimas
sr: изворна порука | prvobitna poruka | izvorna poruka | првобитна порука
sk: originálna správa
cs: původní email
vi: thư ban đầu | tin nhắn ban đầu
ko: 원본 이메일
ja: 元のメール
"""
