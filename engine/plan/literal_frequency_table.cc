// SPDX-License-Identifier: Apache-2.0
// size-exempt: table
// Three-character pieces that are in at least one of 256 values, by kind of field and by how often:
// level n is at least 1 in 2^(n+1). '^' is the start of a value, '$' its end. Counted over 28,845
// Windows events of public attack recordings (Security, Sysmon, PowerShell), lower case.
#include "engine/plan/literal_frequency.h"

namespace catena::plan {

std::span<const FrequentPieces> frequent_pieces() noexcept {
  using Kind = FieldKind;
  static constexpr FrequentPieces kPieces[] = {
      {Kind::kPath, 0, "^c:c:\\win"},
      {Kind::kPath, 1, ".ex32\\:\\w\\sy\\widowem3exeindlogm32ndoog$owss\\sstesystemws\\xe$yst"},
      {Kind::kPath, 2,
       "2\\s\\sv^ev^im_msalochoentevehosim_istm_mmsvntlostst.stasvcsvit.etaltlovchvenvis"},
      {Kind::kPath, 3, ".0..dl1.02\\v\\vbboxce.dlle.eervicell$oxsrviservbovicxse"},
      {Kind::kPath, 4,
       " (w(wi.08.16.180)$0.00.100)01.01008010.1011601832\\w36260162.800836^10buid.1er."
       "ildinbld.nbur.euil"},
      {Kind::kPath, 5,
       ".1 .190411 (1.11902.12\\b2\\c2\\r41.904:\\p\\ba\\co\\mi\\po\\pr\\ru\\weackageanaappaskbac"
       "bembrockgconcrocymdtaermersgergragroicricyimekerkgrkholicmanmgrmicnagndtntioft"
       "ogrokeolioreosoounpolpror.dramrmgrogrokrosrouruns.ese.skhsoftastimunduntwbewer"
       "wmiyma"},
      {Kind::kPath, 6,
       " (x fi(x8)\\m.0\\0\\p1862.d2\\$2\\p32.5 (6 (6)\\65 "
       "86)865:\\u\\ap\\ed\\ex\\ms\\se\\us\\v1\\wb"
       "\\wm^poam arcataaticalcatcmdd.edatdgee.de\\aearebredgellem\\es es.expfilft.ft\\ge."
       "gr.helicaileioniprl.el\\vlesll.ll\\lorm fm\\wmd.mebmipmsenhoonhowepliplopowpplpps"
       "prvps\\rchrerrs\\rshrvss (s\\es\\ms\\wseashesposs.t\\eta\\tiousev1.vsews.wspx86xpl"},
      {Kind::kPath, 7,
       "%%1%14.10.20.co.wi1451h22\\a2\\d2\\l2\\m2\\n2\\t2tx45946 5n19 (93$\\ca\\cm\\do\\lo\\ls\\ta"
       "^%%^co^ms_cwa\\lad.al\\amdansapiaseassbasc.eceschicomcorcrtcrycw5dexdroedremaemp"
       "er\\erhernes\\ewyfteg.ege\\h2thini.di32ivel32loclsamapmarmonmp\\n.en1hn\\mndenelnet"
       "nlonsent.ntdocaon\\onsontp.epdapedperppdranrhorneryps.ds\\as\\psasscrsedt.dt.wted"
       "tortratxyverw5nwsawy\\xerxyeyewypt"},
      {Kind::kCommand, 0, "dowindndoowswin"},
      {Kind::kCommand, 1, ".ex32\\:\\w\\sy\\wic:\\em3exehosm32osts\\sstesystemws\\xe yst"},
      {Kind::kCommand, 2,
       " -s ap ho na se^c:ageameanaandapparaaticatcomconcrodindlle -er ersforhelicring"
       "ionlicll$manmicnagnamoftommon osoprorossersofst.stat.etioverxe\""},
      {Kind::kCommand, 3,
       "     h  s -e -k -n -p -w 1  5. =  c: co de dl id in ma pr sq ve wi\"c:): -en-k "
       "-no-st-w .0\\.1..18.750\\p0ab0ac0ae0af0ag0ah0al0ao0ap0aq0at0aw1 -1.01.11831ac1ag"
       "1ah2.72\\c2\\s2\\w2ad2ae2ag3623ac3ae4ad4ae4am4aq4ar4au4av4ay4az5.162.6ad6ae6ag752"
       "7ac8368ab8ad8at8au8av8ay8az9ac9ae9af: \"= 5= c= d= i\\po\\sv\\v1^  ^\"c^co^wia -a1a"
       "a2aa3aa4aa6aa7aa9aaa7aa9aaaaabaacaadaagaakaamaanaapaaqaauaawab0ab1ab3ab9abaabb"
       "abcabdabeabfabgabhabjablabmabnaboabpabqabsabtabvabwabxabyabzac0ac4ac8acaaccacg"
       "ackacqacsacwad0adaadcadgadoadqadsadwadyae0ae4ae8aeaaecaeeaegaeiaekaemaeqaeuaew"
       "aeyaf0afaafcafeafgafiafkafmafqafsafuafwafyag0ag4ag8agaagcaggagiagkagmagqagsagu"
       "agwagyahaahcahgahiahkahmahqahsahuahyaiaaigajaajwakaakqakwalaalgalwamaamqamwanw"
       "aoaaogaowapaapqaqbaqgaqqaqwargarqarwasaasqaswataatgatqatwauaaugaulauwavaavgavq"
       "avwawaawbawqawwaxaaxqaygayqaywazaazgazqazwb0ab1ab2ab3ab4ab5ab6ab9ababbacbaebaf"
       "bahbbabcabdabeabfabgabgbbhabiabinbjabkablabmabnaboabpabqabqbbrabsabtabuabvabwa"
       "bwbbxabyabzac sc0ac4ac8acaacabcaccadcafcagcajcakcalcaqcarcaucaxcazccacescgacgb"
       "chockacmdcqacsacwacwbd =d0adaadabdacdaddaedafdagdahdcadefdgbdoadqadqbdsadwbdya"
       "e =e\" e0ae4ae8aeabeaceadeaeealeameapeaqeareateazecaecteeaefaegaeiaekaellemaenc"
       "enteqaeqberberiervesseteeuaeveewaeyaf0afaafacfaefaffagfahfaufcafeafgafiafkafma"
       "fqafsafuafwafyag0ag4ag8aga6ga9gacgadgaegafgaggajgangaogaqgasgatgaugavgawgaxgb0"
       "gb1gb2gbbgbdgbegbfgbhgbjgbkgblgbmgbngbpgbqgbsgbugbvgbwgcageagerggagiagkagmagqa"
       "gsaguagwagyahaahachaehaghahhcahgahiahkahmahqahsahuahyaiaaiabiaciafiagiajiaqias"
       "iauiawiazicaiceicyid infinvityjaajabjacjaejafjagjahjwajwbkaakabkackadkaekafkag"
       "kahkalkaokaqkarkatkaukaykazkqakqbkwal.el\\vlaalaelaflaglahlgalgbll.ll\\lwamaamab"
       "macmadmaemafmagmahmajmalmarmatmaumavmaymazme metmmamqamqbmwan =nacnadnaenafnal"
       "nc ndinetnfonopnvonwaoacoaeoafoagoamoaroavocaogaolion(onaonsop ormowaowbowep -"
       "pacpadpaepagpahplipolpowpplpqapqbqa2qa6qa7qa9qaaqabqacqadqafqagqaiqakqalqanqao"
       "qapqaqqarqasqatqauqavqawqaxqayqazqb0qb1qb3qb4qbbqbcqbdqbeqbfqbgqbhqbiqbjqbkqbm"
       "qbnqboqbpqbsqbtqbuqbvqbwqbyqbzqgaqgbqqaqqbqwaqwbr drabracraeramrgbritrmarocrqb"
       "rshrsirvirwbsabsacsaesafsagsaisajsassatsausawsazsevshesiosposqbst svcswbt at h"
       "t it nt vta tabtaetaftagtahtertgatgbtqbtwbty uabuacuaduaeuafuaguahuakualuapuaq"
       "uaruatuauuavuaxuayuazugbultuwbv1.vaavabvaevagvahvchvgbvicvocvqbvwavwbw 1wa1wa2"
       "wa3wa4waawabwacwadwagwahwajwakwamwanwapwarwaswatwauwazwb0wb5wb6wbbwbdwbfwbjwbl"
       "wbmwbnwbowbpwbrwbswbtwbuwbvwbywbzwerws wspwwawwbxabxacxadxaexqay =yabyacyadyaf"
       "yagyalyayygbyqbywaywbzaazabzaczadzafzagzahzgbzqazqbzwazwb"},
      {Kind::kCommand, 4,
       "  r \"o -f /c 0x cl ex fi fo li ne ru sc va\" -\" /\"; \"ou(ou-fo-nu-p -s -se.tx/c "
       "0aa0ad0ai0aj0ak0am0ax0ay0az0xf1ad1ae2-43ad3ag3ah4aa4ab4ac4af4ah4ai4aj4al4as4at"
       "5ad5af5ah7ae7af8aa8ac8ae8aq9ad: n:\\p; v= "
       "1=\"s?\?\\?\\c\\?\?\\c:\\cm\\co\\mi\\pr\\se^\\?^mi"
       "^poa0aa5aaa1aafaaiaaoaasaaxaazab2ab5abkabuaciadiadkadmaduaeoaesagbagoallalqalu"
       "amganganqaoqapiaqaaryateaxwayab7abagbedbjecaecancaocascavcayce cevch ciaclict\""
       "cticurcy d.edatddiderdiadkadmaduae 0e.ee=\"eaaeageayed eddembeoaer$er.es es.esa"
       "etsetwev1ewbexpf -fadff ffffigfilfqbft ft\\gaagaigakgargaygazgb5gbigbogbtgoagra"
       "iadiaeiakialiariaviaxideienigaigbileimejadjeckajkakkamkaskaxl):lablacle leslie"
       "ll ll\"ll)loglqblt luemaimaqmasmawmaxmbemd.me=mgbn(onaanahnd nfing$ng(nhonqanso"
       "nt ntinuloahoaooatobjoceogbogroleonfonhoqaor orcorkortoutpafparperporputqa3qah"
       "qamqb7qb9qblqbqqbxr wr.eraarbircere\\resrgarogrourovrqart runs -s ss.esadsahsaq"
       "saxscrsolst$strt dt\";t-ntaatactedtimtortqatwotxttypuanuawue=ugaulluncuntuseut-"
       "uwav1$valwa5wa9waewafwalwaxwb1wb3wb4wb9wbcwbhwbiwmiworwqawqbxagxe$xffxwby myaa"
       "yaeyahyajyakyanyapyaqyasyauyaxypezga"},
      {Kind::kCommand, 5,
       "  c  e  p \"h \"n (x /y 19 ba ca cr dc en lo mi nt pa re sh st us\"  \" $\"hk\"in\"ne"
       "\"sy\"ty(ne(x8)\\m-4a-4c-4d-4e-8f-a7-bd-c5-em-mo-ob-p$.po.re/pr/y$09-0ar101177195"
       "1ec2ac3-43834094404c74e-5-85-b5945c66)\\6-464e68-68275-8-c82a83386)8648fa9-8944"
       "959= e=\"i=\"t\\ap\\ed\\ms\\so\\us\\wb\\wm^ho^rea3-a5-aa2aa3aalaaraayabiac3aceaddadeals"
       "am ancarcareartaseasgaskathaunautb2-baabasbd6bemberblec rc38c5cc68c75ce-cedche"
       "ckgcqbcrecrics ct)cted -d pd td68dcodeadendgadgedisdleduldwae /e ae ce ie le w"
       "e\";e-ae\\meaueavecuedgeg eg.eg\\ehoeldem.em\\enaengequer\"ereernertes$estet et-ew-"
       "fa3fo.ft.ftwg(ng.tgbrgbxgbzgetgingroh -hadhafhkli ciamiatiayibrictig\\ineinpins"
       "intipeipriptireistivek dk lk nkapkgrklmlanlatlaulehliblinlitlm\\locm fm\\sm\\wmam"
       "me\"me:menmgaminmipmitmlamodmonmsen(nnabncenchndene necnewng ngbnnenpunqbnstnte"
       "numodeoduomlompon\\onnontopeoreoteounoviow pa$patpdapenpi pi$pipplapreprvpt qae"
       "qajqbrquerafrarratrchre rearedrefregrenricriprnarrers\\rvervsry$s (s cs fs nse "
       "se.seasecsedsetsgbss t \"t /t ct pt):t-st.pt\\et\\wtartastattchte th thetiltobtri"
       "trutsvtwauleundureurrustuteutiutovc$vcsvidvsew hw-owa0wavwaywbex86xpoxt yqazae"},
      {Kind::kCommand, 6,
       "  u \"c \"g \"s &g ($ -- -a -c /p /s /t 18 32 c  c0 cm e1 ed ge he la nu pi po ta"
       " th to ty ut\" \"\"0\"\"ar\"ge\"na&gt(ge,13--f--m--t-22-41-46-63-71-86-8a-b5-c7-ch-co"
       "-de-di-fi-ha-pl-ra-tr-ty-us-wi.0..10.17.ap.co.dl.mc.ne.vb0-c00-01b04-06f072089"
       "1-410010711613116-18d1bc1d322525d2\\b2\\g2a92f13-b3.131032 37539-3b24-740441d4dc"
       "4e24ea4ff5005805d-63.63b6fc71172 73774e7587637767947ah8068998a98d29-690492-939"
       "94f99b9bc:\\u:ap; c;&g= 2= "
       "m=\"a=\"g=\"m=\"n=\"p=\"v=20=en[]\"\\au\\ba\\cr\\cs\\cu\\do\\mo^ad"
       "^ne^wma-4a74a79a90a92a93aa0aa4aa5aatachactadvaf8ah0al al-aliamdamiannansaphapt"
       "assastatfb50ba$bccbcebrobuic\" c.ec08c5-c73ca$ca9camcb4ce$ch:chachicodcolcorcry"
       "cscctod nd ud-4d-td2ad3-dapdc5ddedeldesdetdevdexdirdmidnsdomdtadvae be de he n"
       "e pe se te ve-2e-de-se1ee2fe:ae=2e[]e\\aea5ea7ecoedeedieduefeeflel el-elielpeme"
       "emnemoempen-eprer)eraerfermeryes\\eshesoet.etcevif10f8afcbfeefetff1fiefirfrag e"
       "g.eg\\wge.ge\\gengongt;guigumgurh =h0aha$hanheahedhenherhichidhinhirhoahowhttiap"
       "ic iciid\"iddieliguildiliiltimiin3iniis$iteitijo-kawkerkeykhokinkrel -l il pl-h"
       "ladlayld-le$le-le=leclemlerletlevlislleloalpelselsyltem-cm.rmaomcamdlme$memmi "
       "mmomnemojmp\\mpon -n(gn-un.en32n\\an\\cn\\mnctndlndtnelng=ngangingsnitnlononnotnse"
       "nspnt.ntcntlntrntsntvo-poaaoadoazofiogoojookeom om)on\"on.oneonioolor$oryourown"
       "p.ape pe=pelphipinpisplopp.ppxpript.pteptiptoqa$qa0qa1r -r =r ar hr sr):ranrap"
       "rasrecremreprerrewrfarguriarinrkrrm-rnerobrofrokrolroprotrt-rtyrusry ryps as l"
       "s ps ws\" s\";s\\cs\\ms\\ps\\wsapsarschscosenseqsh shishosidskhsorsouspassissost\"sto"
       "t bt et lt ut wt-mt-wt.wt; t;&ta\\tadtaltantcotectenteptfothrtiatictintivtlitog"
       "tootoptprtputratrotrytshttpturtveue\"uenuiduilumbumeunsup upduraurcurius ut uth"
       "utpvanvbsvc\"vc.venwa7waowhownlwsaxahxerxqbxt$y -ynaypt"},
      {Kind::kCommand, 7,
       "  $  -  / \"- \"a \"f \"m \"w $_ $n $o $p (g (r (t -d -i -o /a /e /f /n /r /u 00 ad"
       " bi c+ di ec fl hi ht im mo ms nc on ou ro so su sy tr up | \"13\"14\"5\"\"ad\"fo\"gu"
       "\"lo\"me\"mo\"no\"pr\"se\"st\"va\"wr$_.$ne($_($n($p(ad(fo(re(st(te); + r++ , $,10,12,de"
       "--d--l--n--p--r--u-09-10-42-44-45-47-48-49-4b-4f-8e-90-9a-al-b7-c -cl-dn-fa-id"
       "-in-la-me-mi-na-ne-ou-ph-pr-re-sa-sc-si-sl-su-th-un-v8-vm.0 .1 .13.ad.by.em.fi"
       ".in.lo.ma.mo.ob.ps.se.we.wi/ad/em/ls/no/sd0 c0\" 0-00.00.10.m00000701c02003,039"
       "0490550840910h21-810 10.10310411-11011712\"1271341401491571791901zh2 -2 a2 b2.0"
       "2.12.d2022042082092152692742972\\d2\\n2\\r2tf3,130731932\"32-32.329347352364386399"
       "3af4,14-44-64.040\"42-42043844,4444694704834924ag4ee50-5215575615735ac5f-6-b621"
       "64464\\64_6626926af6dm6e-70373073474-7407847967k98-48-a8-u84,8438aw8d-8hb9-4911"
       "9179269299669789919kn:1$:ba:co; $= $= (= 3= 6= 7= p= s= t=\"0=\"1=\"5=\"f=\"r=(g=1 "
       "=de=re\\de\\ds\\ga\\hk\\lo\\ne\\no\\pa\\pg\\ps\\ru\\te\\wa\\we\\wl^-$^au^ba^cr^gd^mu^nt^ol^"
       "on"
       "^ru^se^sh^ta^us_bi_de_pra la8-aa6aaeab\\ad$ad.ae$ah$aheailainal\\alcalealfan0ard"
       "ariatoatuaudauqavoayeaylazub6dbalbfobfybosboxbs$bsebxbbytc  c cc ec nc pc++c-4"
       "c.rc4fc8dcawcbsccece)ce\\ce_ceicencepch-cinckdckeclucm/copcoucrtd $d cd sd wd-c"
       "d-md1-d74d9-daldbodbudd-ddlddrde)de-dehdi ditdl/dmzdprdredrods\"ds=ds\\dure  e u"
       "e\"$e):e);e, e-4e-ce-fe-me-oe-pe:be:ce=re\\pe\\se_debcebreched)ed-edpedreeneepef1"
       "egiehieideleem emcemien endeneensenvep\"ep)epoer-er=er\\er_ercerherres)esket\\et_"
       "etaetietletrevtewoexcextey_f-4f-bf38fbffc-ferficflefotfroft-ft_funfy7g  g -g(a"
       "g(fg(gg(og(sg(wg-dg.cg=eg\\ag\\hg\\{ga1ga2ga4ga5gdige ge$gedgisglogpugr.gs gs=gth"
       "guegush  h-oh0.h2th:1harhbxhemheshishkcho hrei -i di hi pi-ui.eiaoicsid,id=ies"
       "ifiighil illimpin in/incipaipcisaishispit it.itcitok hk9kkankcukdoketkn8ktokup"
       "l  l $l al cl dl rl/ll11laslbflc.ldbldele\"lealedleeleglenlfelholialidllcllilob"
       "loolorlsalt$lt.ltiludlvem -m sm):m-rm.bm.nm.om/smdame,mebmedmewmgrmi$motmpampu"
       "msfmssmtcmulmzzn an bn cn dn pn sn\" n\";n(an(fn(sn(wn0hn8hncbnclndandbndsne)ng-"
       "ng.ninnisnlenlino-nodnornrpns nscnsinsvnt\"nt-nt\\nt_ntnntpnwbo-vo.to.vo\\doaboba"
       "oblockocooffokuol$ol.ollolsolvom\"omaon$ondonlookootoptor=oraordoseosiotooupove"
       "oxyp ap hp):p.epanpaypcope\"pedpgupkepmopnpposppdppippmppoppspsmpsvptppxmr /r c"
       "r fr ir pr-cr-tr=1radrbordore$re.reerhorimrivrkarkirksrmgro\\romrooroxrptrrors."
       "rsvrtirtsruerwary=s 3s =s ds is ts us,ds.as.ps=1s\\as\\{sa sansc scasclscmsddses"
       "sfisftshasinsitsk skssktslesm1smasnasocsopsplss\"ss)ss.ssest-stlstwsubswit  t 2"
       "t ft mt st-dt-it-pt-rt-vt.ft32t:ct= t\\st_ataitavtcatcpte$te)te-te.te[teatestex"
       "tfbti-tibtigtiptl1tlbtnrtoctomtpots tuptustuttw.ty\"ty$ub-udeudiue)ueruesum-uni"
       "uqbus,v8-vafve ve-velvesvtuw.ewawwebwevwitwlawriws$ws.wsfwsoxb6xmlxmtxply cy s"
       "y7ky=dyaoyazyerygayloytez1zzh0zurzz1| f}\" }.r"},
      {Kind::kRegistry, 0, "^hk"},
      {Kind::kRegistry, 1,
       "\\cu\\mi\\so\\wiareatecrocurdowe\\mentersft\\ftwhklicrindionklmlm\\m\\smicndoofton\\oso"
       "owsre\\renrosrresoft\\wtemtwaurrverwarwin"},
      {Kind::kRegistry, 2,
       "-1--21-5-1-521-5-2\\a\\\\lo\\re\\s-\\sy^\\ra\\{ageatacalcatcondategiertes\\ficgishkuica"
       "ifiistku\\locntvocaontregrsirtiry\\s-1s\\csetsiostastestrsyst\\stattertestiftrytve"
       "u\\sworws\\y\\ayst"},
      {Kind::kRegistry, 3,
       " (0 da se(0x-11-500000x01-1110182232500731844984\\ap\\ca\\co\\di\\pa\\se\\st^bi^dwach"
       "ackallalsanaapparyatiaulbincaccercesched (defdeldisdwoe\\pefaem\\emcer\\et\\ettfau"
       "gergs\\he\\iceiesinaingisalicllolowlselstm\\cmanmcen\\anagnarngsntcntentrntsodeols"
       "ordowerd rolry s\\ds\\ms\\ss\\{salsert\\cta$tcote$tentintiotortrots\\ttiultwedx00y d"
       "}\\l"},
      {Kind::kRegistry, 4,
       " nt-10-19-23-25-35-39-42-47-57-59-96.de0)$0-200)00100200\\00_0\\s0_c1-31-4100103"
       "1041061261962-522323326631832-33535641842944444747-5615736-16-561266-6696987-2"
       "7428068229-1966\\.d\\cr\\da\\en\\ev\\in\\po\\wo_claceal amearcassb3dcieckaclacrictid\\c"
       "diae\\ceared$ed\\el\\eliemeepoereerveryes$esseteeveft.ge\\groiagiciintitoityivekag"
       "l sl\\slaslivls$lt\\metmodn\\cn\\dndenetns\\nt\\ntdol\\olionsoreorkoryosiostounpacpar"
       "perplipmopolpospplppmpriproracramrchrepresrours\\rvis ns\\ls\\tscrseasecsessitsse"
       "stot\\eta\\te\\tedtrau\\.venvicws ws.y\\cyma}\\e"},
      {Kind::kRegistry, 5,
       "-0x-14-20-37-43-4d-6e-6f-70-7c-85-88-8a-d0-f6-ff.co.se.wi/sy/wi0-00-90-f00-006"
       "01)02\\03403604-04104\\05706406\\07207507908-0830930c60ca1)$1-21-91-f10c112114125"
       "1411441471611881d61f21h21}\\2-12-820422022423-25025125425525826b27-29-2\\s2tx3-1"
       "3-43-831132032636436738-38239-3983c83d83}\\4-14-340-40741-41742242543-44646-468"
       "46}4714734744794874\\s4a-4ef5-45-650751154a55-55958458958e59359d5n16-46-66-860-"
       "6276466476486766846866876\\s6ba6c}6e76fe6}\\7-17-37-570-70370c71-71472-76-76b77-"
       "78778b7907987ce8-18-48-b80084084785886487-8708778788808bb8dd8e38we8}\\9-29-4905"
       "92395a96897098099e9d6://"
       "\\00\\au\\ba\\bi\\c:\\ce\\cl\\ct\\de\\ex\\he\\hv\\ne\\pl\\pr\\ro\\su\\tc"
       "\\tr\\us\\{0\\{1\\{3\\{5\\{6\\{8\\{9\\{a\\{e\\{f^qw_8w_cwa-7a3-a6ca71ab1accad4agnagtainara"
       "artaskastathauta}\\b-4b10b4fba7bacbbwbedbscbwec-7c6-c8dcadcapcceceacemch\\chick\\"
       "ckgclicomcoucpicrlcs\\ctlcw5c}\\d-ed46d6-d68d8bda3da6dcoddaderdexe-ce07e2-e31e3c"
       "e4-e76e\\ae\\de\\seabeatec-eceecoectecuedcekyemaemsendenser$ernerpeshesoestet etu"
       "etwewyex\\expexte}\\f-4f62f67f6ef7-fecft$gefggegnogs$gtrh2theahinhvsibeicsicyid$"
       "ideienileimeineip\\iptiseitekeykgrkitksekybl\\nlaclatleslielislormacme$menmrems\\"
       "n1hn\\en\\in\\sn\\wnamndpnecnernfinnenosns$nsint-ntantion$oneonfonnootopeoraortot\\"
       "ourp2\\p\\ppatpcopdapipplaploptiqwor\\cr\\sragrcere$rearerribriprisrkirksrlsrneroo"
       "roprprrs$rtcrusryms ss.cs/ss\\wsapshosi$sissoust\\stisubt st.wt\\itaitastcatcptde"
       "thethrtictietimtivtlstrutuptwotxytymubsuleunduntup2updurcuseustvsiw5nwekxplxte"
       "xyeyb3yew{56{e3{f6}\\0}\\p}\\w"},
      {Kind::kRegistry, 6,
       " po pr%5c(de-00-12-16-1f-22-31-32-36-40-41-44-45-4b-4c-4e-4f-58-62-64-65-74-79"
       "-80-8c-91-94-98-99-9a-a7-aa-b0-b2-b3-b6-ba-c0-c7-e0-e3-e5-e6-li-re.0\\.pr.sy.ui"
       "//w/de/se0-10-30-40-600300500800900d01-01\\01d01}02704805406206c06f07308009-091"
       "0990\\c0a20ba0d-0ea0f30ff1-61-810811111711f12312413d14015-15515916217317517818-"
       "18119-1931991\\s1a-1e11e}1f11f42-420-20020720820\\20f22623624-24124724e25-259264"
       "2712942\\b2ad2b42d52d62eb2f32}\\3-b3-e30130831-31931e32132232332433834-341347353"
       "35535835e36836e37-37337537638338439139439a3b93bc3ce3d93df4-54-94-b4-c400404409"
       "41441541642042343043844-44344945945b47647747c47e48-48}49-4974b-4b94da4f-4f9502"
       "50852a53254154355056257-57457758759-5905925945955a\\5b15cs5cw5e-5ef5}\\6-9610615"
       "62062262562d64064164565267067468-6886906bc6c-6d26e46e\\6f86fb7-47-67-a709718719"
       "72b73-73073573673974474574774875$75-7507547677747797b87c07d-7e28-38-98-a8-d80a"
       "81a82f83-83783884e86987187b88688788989789d8a78af8ba9-590-90191291593-932936938"
       "93994-94094295397-98199299b9a39a69a}9b79ce9d-9de9e39e59}\\:%5?ms@{w\\(d\\16\\1d\\32"
       "\\41\\@{\\do\\ga\\gr\\ha\\ho\\is\\la\\ma\\mr\\no\\pe\\sc\\sh\\sp\\ta\\to\\up\\vo\\wm\\{2\\{"
       "4\\{7\\{c\\{d"
       "^mia11a20a32a3ba5ea60a68a73a7da8-a95a\\3a\\4a\\ca\\ma_caa6abiablactad3af7afbagsal_"
       "altam\\amiapaardatsb-bb0eb4-b57b5cb73b8}b97b99ba4ba9bafbb0bcfbeabilbleblib}\\c-9"
       "c0-c0fc72c:%c\\ccd6ce0ce1ce:ce\\cebcf6ch_chrcorcrecsycwicy\\d%5d-4d-8d-bd.pd/sd0b"
       "d34d59d9ade7deddendesdevdf-dgedmodpadredridule-4e09e13e1ee38e54e63e74e:/e\\@e\\i"
       "e\\te\\uea8ealeb4echedgedpedueecef7efuef}eleellem3emiempemrenaeneenuequer_eraerb"
       "erierres%es/escetrevieywf-3f-ef1ff2-f31f3}f4bf78f87f9cf9dfa5famfb5fbbff-ff9ffi"
       "figfilflafulf}\\gatgs_gsahdohedhelherhkchkeholhoshrehs\\i.si\\1i\\aidsiggighiliily"
       "imiinfinsinvishitiiviizak\\hkcrkenks\\ktol\\hlagld%ld.ld/le$le\\ledlitloaloglt)lth"
       "m32mapmilminmizmmomonmptmrtms-msemstn\\bn\\gn\\hn\\nna_ncendane\\nexng$nlonotnstnt$"
       "ntonttnveoadoffoggoinokeolaoldoloommonioptorsotioupoviownp ppabpe$peephopoippc"
       "ppdpptprepthpubquer\\ar\\wratrbirefreqri\\rigritrivrorrotrovrrortartbrulrydryos%5"
       "s-rs.us?ms\\3s\\as\\es\\rschsheshiskcskssmasolspess\\ssassissmstssupt)$t-3t\\ht\\ptac"
       "taltantbetepthstittletoktritsttyatypubluesui.ullumeup ureuriuthutovalvidvitvol"
       "we\\wmiwnlws%ws?wy\\x01y\\syacydryopypeys$ywozat{19{3c{6f{88{99{a1{wi}\\c}\\r"},
      {Kind::kRegistry, 7,
       " ex ma pu!ap(em-13-17-18-30-33-3f-46-48-49-4a-7e-87-89-8b-8e-97-a1-a9-ac-ad-b7"
       "-bc-bf-c6-ca-di-e2-e4-f8-su.0..18.ba.ex.mi.ph/dr/hi0-50-c0.00.100400700a016018"
       "02002303)03203303704705206007708108\\08_0\\h0a30b-0cd0}\\1-01-b10.10910_11911e127"
       "13f14515316.17117417718318718a18f1901951cd1cy1d21fc1sg2)$2-32/d20920a21022-228"
       "23824b25225326-26f27927e2802872962no2ti3)$3-530031031231431532/32532732n32t33-"
       "36136236337838038839b3aa3be3f83fc3mz4-44-84-e402408432440454455456475478485490"
       "49e4b34ba4cb4ei4f44fb4wy4}\\5-15-e51f52-52153753}54254556b56e58-5c-5cd6-36.0605"
       "61162962}63163263b64364464965966267-68169-6b-6d-6eb6f47-971771d72672973a743749"
       "76076576877278-78679-7a67b-7e47e97fe7ht7}\\8)$80881081281882-82383683d86887689a"
       "8\\s8_c8a08b48b58c98f89-89-f90390691791c92694596-96497297f9939979b-9ea:/w\\0\\\\33"
       "\\_i\\ac\\at\\br\\ch\\ed\\fi\\fl\\hk\\id\\li\\ms\\na\\of\\oh\\ru\\si\\sw\\te\\vs\\w3\\wa\\{"
       "b^(e_10_en"
       "_in_lo_ma_ne_on_v1a)$a-4a07a27a4fa6-a\\1aa3aciadaadmag\\agmailalialuancandaneap\\"
       "aptaseasmatcatoattatub-8b00b18b2db35b4wb6dba2bagbarbc1bc4bd-be}bffbj1brobutc-0"
       "c-4c-8c14c4-c4bc61c82c97c:/c:\\ca$ca\\cbdcd-ce$ce-ce2cecchacinck-clocolcr$cyrd-a"
       "d0-d1fd2-d20d62d86d\\odacdapdd-de$de\\degdk\\do1domdpedpodrodruds$ds4ds\\dstds}dti"
       "d}\\e pe!ae-be20e39e47e55e7ee90e\\0e\\1e\\ee\\he\\re\\ve\\we\\{e_8ea-easea}eb1ebaebfebj"
       "ediedredtee-ef-efeefregeeikeinelaen\\enceoper-er.ermeseesket$etaetieupeutevaex$"
       "exeexkey_eyse}$f-1f-9f-af00f0\\f20f25f41f4ff5cf8-f84fb}fc4fcefdsfe7ferff5ffffo\\"
       "forfreftegamgdege_gebgemgesgeughkgingmrgs;gspgsrgstgy3h\\ch\\gh\\ph_ohamhanharhes"
       "highilhishothrohtfibuickiewigsikkildinkireiscisoitlitsivaj1ck-lk\\skcakerkkwkwn"
       "l\\bl\\cl\\pl\\wl_cl_ml_nlayldrle lebleclemlidlimlinll\\llellnlltlnaloultaluelumly\\"
       "m\\amaimatme\\mecmelmesmi\\mitmrumzgn2en\\tn\\unabnd.ndindrnelneunfong ng\\ninnitnod"
       "ntmntpnumn}$o1sohdoicoluompomson ondonvon}oplor$orios_oscot$otaotooudow6pagpau"
       "penpeopleporpp$pp\\ppspteptyputquir-dr.br7hr\\dr\\hr\\ur\\{r_1ralranrasrawrdardsre "
       "recredretrevridrinrl\\rogrokrs/rtertrrturuns.ps4es\\1s\\2s\\8s\\bs\\ns\\ps\\us\\vs_8s_v"
       "sagsc\\scascosdksedsgysidsk$skesktsmespasrest st$stts}$t et pt-st.mt\\ot\\tt\\{tab"
       "tartchteltf0th\\tiltmatoltoptostrets$ts_tsdttettrttsturtusty)tycualue$ui\\um\\upp"
       "us$usauteutrv11vievoivssw32w64we!wn2woswowws/wsswsuwy$wyfx\\px\\sxkey)$y3my\\dy\\h"
       "y\\iy_lycryfdyr7zgd{0c{24{25{ce}\\b}\\d}\\f}\\u"},
      {Kind::kOther, 3,
       "-wi0-0000202^20^miaticrodowft-icrindionmicndooftosoowsross-ssofsyst-wtiowinws-"},
      {Kind::kOther, 4,
       "-00-06-09-sy00$00}02009-0}$20-703\\sy^-$^0x^10^in^{5al$c-0em$erafo$infitymonnal"
       "nfoon$opeperratritsmostet atemthoysmyst"},
      {Kind::kOther, 5,
       " au-08-1--18-43-5--5f-64-bf-c2.cl.ex.in.lo.ne.th/op0-b00-02303806f08-0x10x81-5"
       "10$18$2-022a23-2a-3-032\\3853e040043e4c-5-15475695775f-6986f577080085f8ff9-098f"
       "9}$:\\w\\wi^0$^1$^12^2$^4$^c:^nt^s-^we^woa-4al.appautbd9bf4c.ic22c:\\calclocurd9}"
       "dape.le0-ec.ecuem3er$ernerveshet$exef-cf4cf56fbdffbheshirhoringintirekstl.cloc"
       "loum32n/onetnt nteocaon/on5onaoriorkoudp.npp.re.rksrnas-1s\\ssecsershistatatter"
       "thetinty$ty\\udauriuthwecworws\\x80y\\s{57"},
      {Kind::kOther, 6,
       " (r 03 co wi(ru+10+13+14+17-04-05-07-10-21-3e-49-54-62-92-a5-au-se.co.dl.pa0-1"
       "00100400500:01$01.02203203403603:04 04005006:07-08$08:09 09:0d}0x30|c1.p10-100"
       "10312$14016$1c-2.d20$20020321 22-22323325-28c2\\k2\\n2\\v2a030d32.32833734834|368"
       "3723:03b03e34 04-a4774784844964994|c5-55.t5005485805ba5t06 060062564f68570071$"
       "72075877578-8-08-18-480884985488$8c39-292294-962994\\ke\\nt\\vb^-9^13^7$^se^sy^us"
       "a-3a25a5bab.alaandaseaudb.cb03ba-basboxb|cc2bc30ccece.cescomdalditdlldrod|cd}$"
       "e+1e.de.ee3be: eated edrel3elbentersesse|cft iceitikerl+1l+2l+9l.dl32lablbale:"
       "ll+ll.n5.ndanelng ng$ntdom$oraoxspanpedrnerulrvise.t01tdlty-udiue$uleusevalvbo"
       "vicx14xe$xe+xsey-a{54|c:"},
      {Kind::kOther, 7,
       " 00 04 18 22 op se sy%%1+1b+20+2c+52+6c+9c+9d,im,md,sh-14-16-19-20-22-5c0-6003"
       "00700900c00f01001:02:03d04$04:05-05:05t06 06-07007:08008t0900:10:30c00f51-01-1"
       "1-610210412012412812:13$13313b13e14 14314d15-17018:19319d1b21bc20 21-21422:23$"
       "24$24425625b25|26a2732802:02:12:22\\s2b72bb2c12c22f130:31232$33136$36437639739:"
       "3b-3ba3d03e73e|3|c40$42a43644$45$45446848$4814834:54c44d24da4f75-e51-52$524526"
       "53954556$56=5:35b45f55|c6-06-160162f64$64564864b64d68$68869-6a16be6ce6d37-07-1"
       "7-276$7607817|c80$81681c83784$86286b8:08:38|c9 19-190092196$9719:59c59d49de9|c"
       ":00:01:02:06:08:09:28:30:39:40:55:56:57^%%^11^16^3$^31^46^53^60^64^au^cr^mk^mo"
       "^pe^pr^re^sh^th^tr^va^wi^{0^{1^{3^{4^{6^{e^{f_sua0-a1$a1=accad|alialuashateb-5"
       "b2bb42b78badbb|bc5be6c00c01c13c4|c5|ce$corcrecsecutc|cd (d0|d25d3bd4cd5=dc0de6"
       "dore+2e00e2ae69e6de7$e86ec2ecsegiekeelleveey$f1-f1cf5|f7-fe8f|cg sgisha1ha2has"
       "helhosid$impineistit_keykt0l+3l+4l+5l+6l+7lidll$logluemd5mktmormphn5$o01oceord"
       "orpostowephaporpowprordcrdore$rearegro0rocrporshruervesedsetsh=shashess ss$st."
       "strsuct ct wt.et05t09t_stektrutryuccustutivenverwerws$x10x3exec{19{62{ec{fe"},
  };
  return kPieces;
}

}  // namespace catena::plan
