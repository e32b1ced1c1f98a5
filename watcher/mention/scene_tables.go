//lint:file-ignore ST1018 Persian is written with U+200C between a stem and its ending.

package mention

// sceneStems are the words by which an arrest, an abduction, a trial or a removal is
// told without its legal name, by language and by what they are of:
//
//	!  danger by itself
//	~  danger by itself, but not on a stage
//	A  those who come: police, agents, masked or armed men
//	M  what they do: force, drag, take, search
//	V  what they take one to, over or off: vehicles, aeroplanes, borders, papers
//	C  courts, and who speaks there
//	K  cells and camps
//	R  asylum, exile, consulates
//	U  silence: no word, no trace
//	H  blows and bonds
//	T  years, of a sentence
//	X  to hand over or send back
//	G  governments and their offices; the countries of peoples besides
//	F  to face, to be given or to ask for a sentence
//	S  sport, stage and print: what is told there in such words is mostly play
//	P  parts and plots: danger of theirs is nobody's, unless it stands next to the name
//
// Stems are written as in dangerStems. Two words of kinds that go together (see
// together) are danger, one alone but for ! is none. A language's words are looked for in
// texts of that language only: a stem of one is a harmless word of another.
//
// Written from memory by the parts of such scenes (who comes, what they do, where to,
// where one sits, before whom one stands, what is heard after), and not by any set of
// articles; where to check: the entries for these words in Wiktionary, and their
// synonyms there.
var sceneStems = map[string]map[byte]string{
	"en": {
		'!': `not+come+home never+come+home morgue nobody+of+that+name no+one+of+that+name told+her+to+stop+asking told+to+stop+asking behind+the+glass through+the+glass at+gunpoint rifle rifles
			right+to+a+lawyer outside+the+facility last+pinged thrown+out+in appeal+was+thrown appeal+was+rejected appeal+was+dismissed appeal+of bundled frontier refuge= sought+refuge stopped+eating refusing+food in+chains chains= jeep walked+to+a+black failed+to+come+home never+came+home did+not+come+home been+sealed was+sealed sealed+by not+been+able+to+reach unable+to+reach cannot+reach since+the+raid the+raid months+for+a years+for+a months+in years+in+jail got+years behind+the+wire guards+at tear+gas roadblock manhandl lockdown holding+pen incarcerat confinement convoy+of knock+on+the+door came+at+dawn taken+at+dawn whisked torturers interrogators
			barracks sentenced treason sedition extremism pulled+out guilty
			price+on bag+over sack+over over+the+head over+his+head over+her+head thrown+out+of+the+country cannot+leave+the not+allowed+to+leave barred+from+leaving no+phone+call no+call no+calls no+visits no+visit without+trial closed+trial closed+doors trial+of trial+opens trial+begins trial+starts trial+started s+trial her+trial his+trial put+him+in put+her+in calls+for+the+release demand+the+release demanding+the+release release+of+all immediate+release free+him+now prisoner+of+conscience political+prisoner travel+document exit+ban frozen+accounts accounts+frozen assets+frozen passport+revoked passport+cancelled passport+confiscated passport+taken surrendered+her surrendered+his removal+centre migration+centre transit+zone deportation+flight charter+flight asylum+claim asylum+request denied+asylum refused+asylum pushed+back lured+to lured+into ambushed abduction renditioned smuggled+across tracked+down hunted on+the+run in+hiding went+into+hiding death+row hanged executed execution lashes flogg stoned extremist foreign+agent subversion incitement inciting separatism espionage spying+charges national+security+law pulled+from+the taken+off+a taken+off+the off+the+train off+a+train off+the+bus off+the+plane at+knifepoint tasered beaten+up knocked+unconscious tied+up bound+and kept+in+a+basement basement+of shoved+inside whisked+off driven+off driven+away marched+into escorted+onto escorted+by door+was+broken broke+the+door kicked+in+the+door dawn+raid before+dawn remains+behind still+inside was+transferred+to+a transferred+to+prison moved+to+a+prison strict+regime maximum+security high+security correctional+colony charge+sheet case+against accused+of+ faces+charges pressed+charges new+charges sentence+of plea+hearing arraignment lawyer+was+not lawyers+were+not access+to+a+lawyer see+a+lawyer not+been+allowed+a+lawyer
			frogmarch balaclava questioned+by being+questioned questioned+at questioned+for questioned+about under+investigation under+arrest list+of+terror terror+list terrorist+list blacklisted sanctions+list red+list bounty in+absentia in+her+absence in+his+absence psychiatric+ward forced+to+sign confession forced+confession since+her+capture since+his+capture her+capture his+capture captors her+captors not+been+allowed not+allowed+to+see denied+access denied+medical nobody+has+heard no+one+has+heard not+heard+from heard+from+since courtroom+cage glass+cage defendant convicted remanded police+are+looking police+are+searching sought+in residence+permit must+leave+the carted+off unmarked+car unmarked+van unmarked+vehicle gunmen force-fed dragnet stormed+the smashed+the home+was+searched house+was+searched apartment+was+searched flat+was+searched searched+the+home searched+the+house searched+the+flat searched+the+apartment house+search computers+were+seized laptop+was laptop+taken devices+were give+up+to chained cuffed strapped to+the+country+she to+the+country+he to+a+country+where fled forcibly stripped+naked waterboard electric+shock death+threats sent+to+the+country court-martial trumped+up dissident+list pre-trial pretrial life+behind
			bundled+into snatched+from sentenced+to thrown+into+a thrown+into+jail years+in+a+penal sought+by shackl manacl blindfold interrogat whereabouts gunpoint hostage ransom internment interned gulag penal solitary+confinement holding+cell labour+camp labor+camp prison+camp re+education
			on+trial stand+trial stood+trial stands+trial court+martial found+guilty pleaded+guilty pleaded+not pleads+guilty refused+bail denied+bail bail+was+refused bail+was+denied without+bail locked+up in+the+dock
			dragged+from dragged+out dragged+off hauled+off hauled+away forced+onto forced+into forced+aboard pushed+into shoved+into put+on+a+plane put+on+a+flight put+aboard was+handed+over were+handed+over be+handed+over
			been+handed+over handed+over+to handing+over surrendered+to turned+over+to picked+up+by rounded+up went+missing gone+missing reported+missing missing+since not+been+seen not+been+heard no+trace+of no+word+from no+word+of
			no+news+of most+wanted death+sentence life+sentence jail+term firing+squad beatings no+lawyer without+a+lawyer hunger+strike house+arrest travel+ban stripped+of+citizenship passport+was+confiscated
			was+captured were+captured been+captured captured+by strip+search state+security secret+police`,
		'A': `men= strangers
			police officer agent agents= plainclothes plain+clothes masked hooded armed soldier gunm patrol intelligence troops commando gendarm militia authorities detective special+forces men+without badges counterterror uniformed security`,
		'M': `
			forced= forcib forcing bundl dragged dragging shoved seized seizing grabbed snatch hauled picked+up taken+from taken+to taken+off led+out led+barefoot marched escorted whisk rounded raided raid= raids= stormed broke+into broke+down smashed
			handed+over surrender transferred removed+from pulled+from pulled+off pulled+out ordered+out ambush intercept came+for stopped+at stopped+by stopped= held= took+him took+her took+them barged burst+into`,
		'V': `embassy
			truck lorry taxi train= bus=
			van= vans= car= cars= boot= trunk= minibus jeep vehicle saloon plane= aircraft flight= airport border checkpoint passport visa= convoy runway coach= crossing=`,
		'C': `court courtroom judge judges trial= tribunal hearing prosecut magistrat verdict appeal= bail dock= indictment jury ruling charges= charge= accused offence guilty lawyer attorney extremism treason sedition espionage`,
		'K': `ward= prison compound
			cellmate inmate cell= cells= locked barracks solitary camp= camps= isolation guards= warden transit+room handcuffs`,
		'R': `asylum refugee immigration requesting+state homeland embassy consul exile exiled stateless visa+overstay sent+to returned+to return+to flown+to flown+back`,
		'U': `vanish silence missing= last+seen unreachable relatives family+has+no no+contact no+letter unanswered phone+is+off switched+off nobody+knows`,
		'H': `beaten beating beat= kicked electric tied= bound= gagged hood= barefoot bruise wounded bleeding`,
		'T': `years=`,
		'S': `match= league goals= championship tournament goalkeeper innings wicket tennis football cricket novel film= movie comedy thriller drama= album exhibition theatre theater concert gallery debut screenplay chess`,
		'X': `give+up gave+up giving+up
			hand+over handed+over hands+over handing+over transfer surrender send+back sent+back return+of returned= deport turn+over expel removal=`,
		'G': `government ministry minister authorities cabinet officials prosecutor interior embassy`,
		'~': `guard= guards= precinct hatch
			cells barracks custody detainees
			militia prosecutor captors cellmate convoy checkpoint gunmen
			regime secret+service warrants prisons prosecution indicted interrogators guards handcuffs inmates soldiers
			police officers policem in+court before+the+court to+court high+court supreme+court military+court magistrates court+of+appeal court+ruled court+ordered court+rejected court+upheld judge+ordered judge+ruled judge+refused sentenced handcuffed agents+of intelligence+service security+service security+forces border+guards border+police captured jailers warders convict interior+ministry anti-terror charges+of`,
		'F': `faces facing want wants sought seek demanded asked+for gave got handed`,
		'P': `role roles sitcom series= sequel plot starring actor actress detective+novel crime+novel detective+story whodunit`,
	},
	"fr": {
		'!': `sac+de+toile sac+sur poignets+à avait+fui a+fui à+genoux fusil fusils sans+elle personne+de+ce+nom derrière+la+vitre nulle+part
			cessé+de+s'alimenter grève+de+la captivité appel+rejeté rejeté+en+appel pourvoi mois+pour+un mois+ferme ans+ferme sursis poussée+vers poussé+vers jeep tuméfié visage+tuméfié n'est+pas+rentrée n'est+pas+rentré scellés scellé injoignable+depuis enchaîné chaînes= entravée barrage+de descente+de+police coups+à+la+porte internement tortionnaire
			caserne régime+réclame procès+de procès+s'ouvre son+procès centre+fermé son+renvoi aucun+appel sans+appel+depuis quitter+le+pays quitter+son+pays interdiction+de+quitter descendre+du+train descendre+de+l'avion descendre+du+bus tête+couverte sac+sur+la+tête libération+de demande+la+libération exige+la+libération prisonnier+politique prisonnière+politique prisonnier+d'opinion avoirs+gelés passeport+annulé passeport+retiré zone+d'attente vol+charter demande+d'asile asile+refusé refoulé refoulée refoulés guet-apens piégé traqué en+cavale dans+la+clandestinité exécution exécuté flagell coups+de+fouet trahison sédition extrémisme agent+de+l'étranger subversion incitation+à séparatisme espionnage sorti+de+force sortie+de+force traîné+hors tiré+de arraché+à ligoté bâillonné cave= sous+la+menace porte+a+été+défoncée défoncé+la+porte à+l'aube au+petit+matin transféré+à+la+prison transférée quartier+de+haute colonie+pénitentiaire haute+sécurité inculpation accusé+de accusée+de poursuivi+pour poursuivie+pour poursuites+contre coupable condamnation accès+à+un+avocat son+avocat+n'a disparu+depuis disparue+depuis disparition+de introuvable+depuis dernière+fois enlèvement
			fouillé+et perquisitionn commissariat police+recherche recherchée+par recherché+par renvoyée+dans renvoyé+dans renvoyer+dans le+pays+qu'elle le+pays+qu'il pays+qu'elle+a+fui on+ignore+où ignore+où+se rouée+de+coups roué+de+coups ses+gardiens geôliers liste+des+terroristes liste+noire écope écopé tribunal+militaire par+contumace aveux passeport+confisqué confisqué+son détention comparution interrogée+par interrogé+par auditionn en+fuite cavale camp+de+travail sous+escorte plus+donné+signe plus+donné+de+nouvelles sans+plaques plaques+d'immatriculation hommes+armés hommes+masqués hommes+en+civil porte+enfoncée enfoncé+la+porte battue+par battu+par sévices extorqu matraqu menottes interdiction+de+sortie titre+de+séjour ordre+d'expulsion maintien+de mandat lynch séquestr
			menott cagoul entravé menotté maison+d'arrêt centre+de+rétention placé+en+rétention placée+en+rétention assigné+à assignée+à interrogatoire otage rançon banc+des+accusés mitard cachot geôle quitter+le+territoire oqtf
			frappé+pendant perquisition garde+à+vue aucune+nouvelle sans+nouvelle sans+avocat grève+de+la+faim cour+martiale peine+capitale peine+de+mort réclusion perpétuité traduit+en+justice traduite+en+justice comparaît comparaiss cellule+d'isolement
			reconduit reconduite embarqué+de+force embarquée+de+force lieu+inconnu prisonni geôlier bagne livré+aux livrée+aux remis+à+la remise+à+la`,
		'A': `garde= garde-frontière douaniers frontière
			hommes= agents
			police policier gendarm agents= brigade armés armé militaire soldat patrouille renseignement douanier autorités services individus inconnus escorte commando sécurité hommes+en milice`,
		'~': `gardien gardienne
			mandat geôliers
			régime milice avocats+de gardiens enquêteurs convoi soldats militaires tortionnaires
			police policiers gendarmes gendarmerie tribunal cour+d'appel cour+d'assises devant+la+cour devant+le+juge juge+a+ordonné juge+d'instruction accusée accusé= arrêtés services+secrets services+de+renseignement gardiens+de garde-frontières palais+de+justice
			on+arrête=`,
		'M': `confisqu fouillé
			arrête= arrêter= arrêtent= emmen embarqu force= contraint traîn poussé poussée poussés jeté jetée cueilli saisi intercept conduit emport escort rafl remise= remis= remettre livrer livré transfér capturé capturée arraché fouill descente bloqué bloquée retenu retenue intercepté`,
		'V': `ambassade
			camion taxi train= bus=
			voiture fourgon camionnette véhicule coffre avion vol= aéroport frontière passeport charter embarquement visa= roissy`,
		'C': `tribunal juge juges procureur audience procès cour= chambre+de accusé prévenu box= verdict parquet magistrat instruction= justice= peine= plaid réquisit requiert requis jugement assises défense= avocat inculp`,
		'K': `codétenu cellule barreaux verrous isolement camp= camps= enfermé enfermée`,
		'R': `asile réfugié exil pays+d'origine rétention consul ambassade territoire= apatride renvoyé renvoyée`,
		'U': `disparu disparue introuvable silence sans+trace plus+revu plus+revue plus+donné où+se+trouve où+est+passé visite= injoignable proches=`,
		'H': `frapp coups= battu battue sanglé sanglée sanglées ligot bandés ensanglant roué blessé`,
		'T': `ans=`,
		'S': `match= championnat buts= tournoi demi-finale finale= roman= film= comédie album exposition théâtre concert galerie recueil nouvelle+pièce pétanque rugby football polar scénario`,
		'X': `remise= remis= remettre livrer livré renvoyer renvoi= transfér retour+forcé éloign`,
		'G': `gouvernement ministère ministre autorités préfet parquet intérieur`,
		'F': `réclame risque encourt condamné demande`,
		'P': `rôle série= polar roman+policier comédien comédienne acteur actrice personnage intrigue`,
	},
	"es": {
		'!': `de+rodillas fusil fusiles desde+entonces+nadie nadie+le+dice no+vengan detrás+del+cristal
			dejó+de+comer encierro encadenad cadenas= recurso+de fue+rechazado meses+por+un años+por+un le+dieron empujad hacia+un+jeep jeep amoratad seguridad+del+estado no+volvió+a+casa precintad barricad golpes+en+la+puerta internamiento torturador
			maniatad máxima+seguridad encerrad
			cuartel juicio+contra juicio+de su+juicio régimen+reclama no+recibe+llamadas sin+llamadas salir+del+país abandonar+el+país prohibición+de+salida bajada+del bajado+del bajaron+del capucha+en cubierta+con+una+bolsa bolsa+en+la+cabeza liberación+de exige+la+liberación exigen+la+liberación piden+la+libertad preso+político presa+política presos+políticos preso+de+conciencia cuentas+congeladas bienes+congelados pasaporte+anulado pasaporte+cancelado zona+de+tránsito solicitud+de+asilo asilo+denegado devolución+en emboscada engañad+para en+la+clandestinidad clandestin ejecución ejecutad pena+capital latigazos azotes traición sedición extremismo agente+extranjero subversión incitación separatismo espionaje sacado+a+la+fuerza sacada+a+la+fuerza arrancad+de amordaz sótano a+punta+de derribaron+la+puerta tumbaron+la+puerta de+madrugada antes+del+alba trasladad+a+la+cárcel trasladad+al+penal alta+seguridad colonia+penal inculpad acusación+contra cargos+contra culpable condena+de condena+a acceso+a+un+abogado desaparecid desaparición+de última+vez retenid
			no+sabe+nada no+saben+nada nada+se+sabe sin+saber registraron+la registro+de+la allanaron allanamiento la+policía+busca policía+busca buscada+por buscado+por devuelta+al devuelto+al país+del+que+huyó país+del+que retiraron+el+pasaporte pasaporte+retirado le+quitaron+el+pasaporte acepta+entregar entregar+a golpeada+por golpeado+por carceler tribunal+militar juzga comisaría desconoce+el+paradero paradero+de su+paradero sentenciad en+ausencia lista+de+terroristas lista+negra confesión+forzada confesar agentes+de+paisano de+paisano hombres+armados hombres+encapuchados sin+placas sin+matrícula centro+de+detención detención celda+de+castigo penitenciari trabajos+forzados interrogator orden+de+captura extradit prohibición+de+salir permiso+de+residencia torturas maltrat cautiver secuestrad amordazad desde+su+captura juicio+sumario reo= rea= convict condenad sospechos fugitiv
			esposad banquillo interrog rehén rehenes encañon ni+rastro sin+rastro entre+rejas tras+rejas entre+barrotes tras+barrotes calabozo presidio presos= presas= apres conden rapt reclus torturad paliza redada prófug cadena+perpetua pena+de+muerte
			huelga+de+hambre arresto+domiciliario prisión+preventiva sin+abogado sin+noticias incomunicad ingresó+en ingreso+en+prisión se+busca fuga= entregad+al entregada+al fue+entregad será+entregad la+entrega+de a+juicio compareció comparece centro+de+internamiento
			requisitoria sala+de+lo+penal desaparici`,
		'A': `hombres=
			policía policial agentes= patrulla guardia guardias militares soldados encapuchad armados uniformad de+civil sicarios autoridades comando inteligencia fuerzas+de migración gendarm desconocidos`,
		'M': `metieron subieron subió forz arrastr empuj llev+a se+llev se+la se+lo llevaron llevado llevada arranc sacaron sacó retien retuv reten trasladad embarcad intercept cayó+en entrega= entregar irrump allan registr bajaron introduj`,
		'V': `embajada
			camión taxi tren= autobús
			furgón furgoneta camioneta coche carro= vehículo maletero avión vuelo= aeropuerto frontera pasaporte visado patrullero aduana`,
		'C': `fiscal fiscalía juicio= juez jueza tribunal audiencia= sentencia pena= imputad investigad+por alegato abogad juzgad magistrad cargos= delito vista+oral acusación`,
		'K': `compañero+de+celda celda celdas rejas= barrotes campo+de+trabajo encerrad penal= máxima+seguridad ingreso=`,
		'R': `asilo refugi exilio consul embajada país+de+origen de+vuelta+a+su rumbo+al+país apátrida devuelt`,
		'U': `dónde+está silencio+oficial paradero desapare familia+no sin+contacto no+se+sabe nadie+sabe`,
		'H': `golpe golpearon vendad atad maniatad herid sangre esposas= cubrieron+la`,
		'T': `años=`,
		'S': `partido= liga= goles= campeonato torneo novela película comedia álbum exposición teatro concierto galería ajedrez fútbol tenis estrena doblete`,
		'X': `entrega= entregar entregó devolver devuelv traslad expuls`,
		'G': `gobierno ministerio ministro ministros autoridades fiscalía estado+reclamante cancillería interior=`,
		'~': `captur guardia= guardias= carcelero
			soldados militares
			régimen milicia custodios interrogadores convoy verdugos carceleros proceso+contra
			policía policías fiscal= fiscales juez= juzgado acusación procesamiento sentencia= sala+segunda audiencia+nacional captura guardia+civil agentes+de servicios+secretos inteligencia+militar cárcel`,
		'F': `pide piden solicita enfrenta afronta pidió`,
		'P': `papel+de serie= novela+policíaca novela+negra novela+sobre actor= actriz personaje trama= mayordomo`,
	},
	"de": {
		'!': `herausgebrochen keine+luft kriege+keine+luft auf+den+knien gewehr gewehre hinter+der+scheibe fehlt+jede niemand+will+etwas
			isst+seit nichts+mehr+isst verweigert+die+nahrung berufung+von berufung+wurde verworfen monate+für jahre+für jeep staatsschutz geschwollen kam+nicht+nach+hause nie+nach+hause versiegelt in+ketten ketten= mithäftling mithäftl straßensperre hämmerten+an klopften+an internier folterknecht zuführ
			prozess+gegen gezerrt weggesperrt abtransport
			kaserne prozess+beginnt regime+will will+zurück keinen+anruf kein+anruf land+nicht+verlassen ausreisesperre aus+dem+zug aus+dem+bus aus+dem+flugzeug in+die+maschine ins+flugzeug sack+über kopf+bedeckt freilassung+von freilassung+der fordert+die+freilassung fordern+die+freilassung politischer+gefangener politische+gefangene gewissensgefangen konten+gesperrt konten+eingefroren vermögen+eingefroren pass+entzogen pass+ungültig transitzone transitbereich asylantrag asyl+abgelehnt zurückgewiesen pushback hinterhalt gelockt auf+der+flucht hinrichtung hingerichtet todesurteil peitschenhieb auspeitsch verrat hochverrat volksverhetz extremismus ausländischer+agent umsturz aufwiegelung separatismus spionage herausgezerrt zogen+heraus keller= mit+vorgehaltener tür+eingetreten tür+aufgebrochen im+morgengrauen verlegt+in gefängnis+verlegt hochsicherheit angelastet anklageschrift schuldig schuldspruch strafmaß zugang+zu+einem+anwalt verschwunden+seit zuletzt+gesehen verschleppung festsitzt
			nichts+gehört abgefangen durchsucht wurde+durchsucht hausdurchsuchung wohnungsdurchsuchung polizei+sucht sucht+nach dem+sie+floh dem+er+floh geflohen nahm+man+ihr pass+ab pass+abgenommen wärter wärtern gefängniswärter aufseher sitzt+seit sitzt+in+haft niemand+weiß weiß+niemand verbleib wache+gebracht auf+der+wache polizeiwache revier in+abwesenheit terrorliste schwarze+liste terrorverd kopfgeld erzwungen bewaffnete ohne+kennzeichen maskierte ausreiseverbot aufenthaltserlaubnis entzogen+der lagerhaft misshandelt gequält folterspuren psychiatrie+eingewiesen zwangseingewiesen vorgeführt gefesselte verschwundene angeklagte beschuldigt verurteilt verhört vernommen vernehmung gewahrsam
			handschelle fußfessel gefesselt fesseln= anklagebank straflager arbeitslager umerziehung einzelhaft isolationshaft abschiebehaft sicherungshaft schutzhaft auslieferungshaft u+haft haftrichter haftprüf haftstraf kerker jede+spur spurlos verhör geisel lösegeld
			strafkolonie razzia vor+gericht hungerstreik hausarrest todesstrafe lebenslänglich lebenslang geständnis untergetaucht steckbrief in+arrest unbekannten+ort unbekanntem+ort überstellt überstellung abgeholt+von kein+lebenszeichen folter folterte`,
		'A': `uniformierte
			männer=
			polizei polizist polizeib beamte beamten= vermummt maskiert bewaffnet soldat geheimdienst grenzsch grenzbeamt sicherheitskr zivilfahnder spezialeinheit behörden= uniformiert männer+in staatssicherheit`,
		'M': `knien kniet knieten hält+die+beine
			stießen stieß gestoßen zerr gezerrt schlepp holten geholt brachte+man drängt gedrängt überwältig aufgegriffen festgesetzt festsetz gestoppt stoppt durchsuch stürm aufbrach aufgebrochen zwang gezwungen netz= weggebracht gebracht abtransport mitgenommen nahmen verfrachte`,
		'V': `botschaft
			lastwagen taxi zug= bus=
			auto= wagen= kastenwagen lieferwagen transporter kofferraum flugzeug flieger charter flughafen grenze= grenzübergang reisepass pass= maschine= mannschaftswagen kleinbus`,
		'C': `gericht landgericht oberlandesgericht amtsgericht bundesgericht militärgericht verwaltungsgericht richter staatsanw bundesanw generalstaatsanw generalbundesanw prozess verhandlung urteil berufung kammer= verteidig vorwurf vorgeworfen anwalt anwältin senat= landesverrat spionage`,
		'K': `zellengenoss mithäftling zelle= zellen= zellentrakt gitter lager= verlies eingesperrt weggesperrt isoliert`,
		'R': `asyl flüchtling heimat konsulat botschaft exil eilantrag herkunftsland staatenlos ausreise zurückgebracht`,
		'U': `fehlt= verschwunden verschwand verschwinden lebenszeichen kontakt= angehörige unerreichbar schweigen`,
		'H': `rücken=
			schlug= schlugen geschlagen prügel misshand blutig geknebelt augenbinde`,
		'T': `jahre= jahren=`,
		'S': `spiel= liga= tore= meisterschaft turnier roman= film= komödie krimi album ausstellung theater konzert galerie handball fußball schach doppelpack`,
		'X': `übergeben übergebe ausgehändigt
			übergab übergeb übergabe überstell rückführ ausliefer zurückschick`,
		'G': `regierung ministeri behörde kabinett innenminister justizminister`,
		'~': `wärter prozess
			regime miliz ermittler konvoi soldaten folterer
			polizei polizisten polizeibeamte staatsanwalt staatsanwaltschaft staatsanwältin gericht gerichts gerichtssaal richterin+ordnete richter+ordnete sondereinheit grenzpolizei zelle gefangen justiz bundesanwaltschaft verteidiger+von prozess+gegen urteil+gegen tribunal`,
		'F': `fordert forderte droht drohen verlangt bekam erhielt`,
		'P': `rolle= serie= krimi krimis kriminalroman schauspieler schauspielerin darsteller hauptfigur`,
	},
	"tr": {
		'!': `ses+yok son+kez+sinyal sinyal+ver pasaportu+aldı pasaportunu+aldı içeri+attı kollarından+tut diz+çök tüfek camın+arkas camsız
			yemek+yemiyor zincire+vur zincir= itirazı itiraz+reddedil reddedildi ay+verdi yıl+verdi itil itildiğ ciple cipe eve+dönmedi eve+gelmedi mühürl mühürlendi kapısını+çal işkenceci barikat enterne
			kaybol
			kışla davası+başl davası= rejim+geri telefon+alamad telefon+gelm ülkeden+çık yurt+dışına yurtdışı+yasağı trenden+indir uçaktan+indir otobüsten+indir uçağına+bindir başına+çuval çuval+geçir serbest+bırakılmasını serbest+bırakılması serbest+bırakın siyasi+tutuklu siyasi+mahkum düşünce+suçlu hesapları+dondur malvarlığı+dondur pasaportu+iptal transit+alan iltica+başvuru sığınma+başvuru pusu tuzağa kaçak firar saklan idam infaz kırbaç ihanet vatana+ihanet bölücülük casusluk ajanlık terör+örgüt örgüt+üye halkı+kışkırt darbe+girişim sürüklenerek sürükleye çekip+aldı bağlan ağzı+bant bodrum namlu kapıyı+kır kapısı+kır şafak+baskın sabaha+karşı nakledil yüksek+güvenlik suçlu+bul suçundan ceza+ald ceza+ver cezaya+çarp avukat+görüş avukatıyla+görüş kayıp= en+son+gör alıkoyul
			evinden+çıkar haber+alamıyor haber+alamad evi+arandı evinde+arama arama+yap el+konuldu el+kondu el+koydu polis+arıyor kaçtığı+ülke hâkim+karşısı hakim+karşısı mahkemeye+çık vermeyi+kabul gardiyan nerede+olduğu karakol sorgulan sorgula plakasız terör+listesi kara+liste başına+ödül askeri+mahkeme itiraf+et zorla+imza gıyab yurt+dışına+çıkış yurt+dışı+çıkış oturma+izni kaybettiril ifadesi+alın ifadeye savcılığa adliyeye adliye nezarethane coplan dayak kaçırıp rehin tecrit açlık+grevi silahlı+adam maskeli+kişi sivil+polis alındı+ve uçaktan+iner tutuklanma tutuksuz hapset cezaevi mahkum
			sorguda sorgusu sorguya müebbet zindan rehine fidye infaz+koruma arama+kararı yakalama+kararı ele+geçir teslim+edil teslim+edecek geri+itil evinden+alın evinden+alıp zorla+araca zorla+bindir haber+alınam haber+alama haber+yok açlık+grev ev+hapsi ağır+ceza kelepçe
			idam= idamı idama hücre= hücrede hücresi hücreye tutuksuz+yargıla sanık gözleri+bağl yurt+dışı+yasağı pasaportuna polis+baskın nezaret dövdü dövüld işkence esir`,
		'A': `memur=
			adamlar= kişiler=
			polis jandarma asker maskeli silahlı sivil+plaka sivil+giyim istihbarat güvenlik+güç ekip emniyet özel+harekât muhafız yetkililer`,
		'M': `zorla bindir götür alındı alınan alıp+götür sürükle itil baskın basıl alıkon çevirip durdur teslim nakled sevk gönderildi yolladı el+kon`,
		'V': `kamyon taksi tren= otobüs büyükelçilik
			araç= araca araçt aracı aracın minibüs otomobil uçak uçağ havaliman havaalan sınır= sınırd sınırda pasaport kamyonet bagaj`,
		'C': `mahkeme savcı yargı duruşma dava= davas davad hâkim hakim iddianame ceza= cezas cezaya suçlama istinaf temyiz karar= kararı avukat yargıtay başsavcı`,
		'K': `koğuş+arkadaş koğuş parmaklık kamp= kampı kampına merkezinde merkezi’nde`,
		'R': `iltica sığınma sığınmacı mülteci göçmen sürgün konsolos büyükelçi`,
		'U': `nerede= nerde akıbet kayıp kaybol haber= sessizlik ulaşılam görüş= avukatıyla`,
		'H': `darp bağla kanlar yaralı tekme`,
		'T': `yıl= yıla`,
		'S': `maç= lig= ligi gol= golü golle şampiyona turnuva roman film= filmi komedi albüm sergi tiyatro konser satranç`,
		'X': `teslim iade gönderil geri+ver`,
		'G': `hükümet bakanlı makam yetkilil yargıtay devlet`,
		'~': `gardiyan
			rejim milis sorgucu konvoy askerler savcılar davası mahkûmiyet
			polis polisler savcılık savcısı mahkeme mahkemesi duruşması yargıç özel+tim`,
		'F': `istedi istiyor talep yargılan verdi`,
		'P': `rol= rolü rolüyle dizi= dizisinde polisiye oyuncu filmi filmde karakter`,
	},
	"ru": {
		'!': `без+адвоката заталкива в+багажник на+коленях автоматчик за+стеклом
			отказывается+от+пищи закован цепи= цепях жалобу+откл жалоба+откл апелляци кассаци дали+полтора дали+два дали+три дали+год ведут+к джип синяк не+вернулся+домой не+вернулась+домой опечата фсб= мвд= гестап блокпост палач интернир сокамерник
			казнен казнён казни= казнить казнь дискредитац фейк+об
			казарм процесс+над режим+требует ждёт+звонка нет+звонков покидать+страну покинуть+страну выезд+за+границ запретили+выезд невыездн сняли+с+поезда сняли+с+рейса сняли+с+самол усадили+в посадили+в мешок+на+голов освободить+ освобождени+ требуют+освобод политзаключ политзэк узник+совести узниц арестованы+счета счета+заморож заморозил+счета паспорт+аннулир транзитн+зон убежище+отказ отказали+в+убежищ засад заманил подполь в+бегах скрывает расстрел+приговор плет измен госизмен шпионаж экстремизм экстремист сепаратизм диверси терроризм волоком вытащили связали кляп подвал под+дулом выбили+дверь взломали+дверь на+рассвете ранним+утром переведен+в переведён+в перевели+в строгач усиленного+режима вменя инкримин виновн адвоката+не+пуст адвокатов+не+пуст не+пускают последний+раз+видели пропал+ пропавш увезли+в силой вывезли насильно
			не+знают+где неизвестно+где нет+известий прошёл+обыск прошел+обыск обыск+ обыски изъяли полиция+ищет ищет+полиция откуда+бежал откуда+бежала отобрали+паспорт надзирател перед+судом отделении отделение+полиции грозит+ список+террористов списке+террористов перечень+террористов реестр+террор иностранным+агентом штатском дознавател пыточн признательн самооговор выбили+показания заочно в+отношении+которого под+подписк запрет+на+выезд невыезд видом+на+жительство аннулировал психиатрическ+больниц+по принудительн+лечени военн+трибунал военный+суд суд+приговорил этапирован пересыльн избивали бил+ногами вынесли+дверь выломали+дверь забрали+из увели+в вывели+из схватили+ назначил+награду голову+ экстрадир выслан
			признани+под выбили+признан наручник изолятор скамье+подсудимых скрутил затолка мешк+на+голов нет+связи меру+пресечения мера+пресечения меры+пресечения мерой+пресечения карцер строгого+режима общего+режима под+суд под+суда под+следстви допрос допраш избил избит избив автозак
			конвой конвоир этапом этапиров лагер+смерт барак штрафн+изолятор заложник выкуп+за голодовк пожизненн смертн+казн предъявил+обвинен нет+вестей никто+не+видел не+выходит+на+связь похищен исчезла= исчез= исчезнов взяли+под взят+под взята+под
			домашн+арест подозреваем под+конвоем лишени+свободы лишили+свободы объявлен+в выведен выслал задержан лет+тюрьм иноагент статье+ силой+увез вывез+в принудительн насильно+`,
		'A': `мужчин люди=
			власт полиц омон= омоновц спецназ силовик сотрудник оперативник следовател масках= вооружен вооружён неизвестные неизвестными фсб= мвд= погранич жандарм солдат патруль чекист пристав спецслужб люди+в военные`,
		'M': `вывел увел= увели= увёл посад запихн забрал схвати схвач втащи вытащ выволок отвез отвёз передать передал передан переда вломил ворвал обыск захват насильн остановил привез привёз доставил изъял отобрал`,
		'V': `посольств
			грузовик такси поезд автобус
			машин микроавтобус фургон газел автомобил внедорожник самолет самолёт рейс борт= трап аэропорт границ паспорт вертолет вертолёт`,
		'C': `суд= суда= суде= судом= суду= судь судеб прокур заседан апелляц следств следовател присяжн трибунал статья= статью статье= вердикт обвин подсудим адвокат преследован защит`,
		'K': `сокамерн камере= камера= камеры= камеру= решетк решётк барак колони лагере лагерь`,
		'R': `откуда бежал бежала
			убежищ беженц миграц консул посольств эмигра родину= изгнан`,
		'U': `исчез связи= молчит где+он где+она неизвестно свидани вестей новостей+от телефон+молчит`,
		'H': `бил= били= били токо= током= связал связан кров= побо`,
		'T': `лет= год= года=`,
		'S': `матч лига= лиге гол= голов= чемпионат турнир роман= романа фильм комеди альбом выставк театр спектакл концерт галере шахмат повест`,
		'X': `отправ
			передать передач передал передан переда вернуть возвращ выдат`,
		'G': `власт правительств минист генпрокур мид= посольств страны+`,
		'~': `режим конвоиры военные солдаты надзиратели процесс= задержание иск+о
			полиция полиции полицейск полицию силовики прокурор прокурора прокуратур суд= судья судьи+постанов следователи следователь следствие следственн обвинител приговор тюремн сотрудники+полиции спецслужбы колонию камеру камере`,
		'F': `грозит грозят просит просил требует запросил получил дали назначил`,
		'P': `роль роли сериал детектив= детективе детективный сюжет актер актёр актрис персонаж`,
	},
	"uk": {
		'!': `без+адвоката заштовхують у+багажник навколішки за+склом
			відмовляється+від+їжі закут скаргу+відхил апеляці касаці дали+півтора дали+два дали+три дали+рік ведуть+до джип синц не+повернувся+додому не+повернулась+додому опечат фсб= блокпост кат= катів інтернов співкамерн
			казарм процес+над режим+вимагає виїжджати+з+країни виїзд+за+кордон виїхати+з+країни заборонили+виїзд зняли+з+потяга зняли+з+рейсу зняли+з+літака всадили+в посадили+в мішок+на+голов звільнити+ звільнення+ вимагають+звільн політв'яз бранець бранц в'язень+сумління рахунки+заблок паспорт+анул транзитн+зон притулок+відмов відмовили+в+притулк засідк заманил підпілл переховує страт розстріл+вирок зрад держзрад шпигунств екстремізм сепаратизм диверсі тероризм волоком витягли зв'язали кляп підвал під+дулом вибили+двері на+світанку рано-вранці переведено+до перевели+до інкримін винн адвоката+не+пуск адвокатів+не+пуск востаннє+бачили зник+ зниклий силоміць вивезли примусово
			не+знають+де невідомо+де перехопили обшук+ обшуки вилучили поліція+шукає шукає+поліція звідки+втік звідки+утік звідки+втекла відібрали+паспорт наглядач перед+судом відділк загрожує список+терорист списку+терорист цивільному+одязі заочно заборон+виїзд посвідк+на+проживання анулювал військов+суд військов+трибунал вибили+двер забрали+з вивели+з схопили+ допитує допитув катуван побиття в+полоні полон= полоні= полону= винагород+за
			зізнан наручник кайданк ізолятор лаві+підсудних скрутил заштовха заштовх мішк+на+голов немає+зв'язку запобіжн+захід карцер суворого+режиму загального+режиму під+суд під+слідств допит допиту побит побил автозак конвой етапу етапован заручник викуп+за голодув довічн
			смертн+кар безвіст зник= зникла= зникнен взяли+під взято+під взята+під домашн+арешт підозрюван позбавленн+вол за+ґрат за+грат колоні стягнули+руки обшук силою+вивез примусов`,
		'A': `чоловік= чоловіки= люди=
			влад поліц омон= спецназ силовик оперативник слідч масках= балаклав озброєн невідомі фсб= мвс= сбу= прикордон жандарм солдат патрул спецслужб люди+в окупант військові`,
		'M': `вивел вивів повел повезл посадил запхн забрал схопил схоплен втягл витягл відвез передати передал передан вдерл увірвал захопил силою зупинил привез поклали вилуч відібрал`,
		'V': `посольств
			вантажівк таксі потяг автобус
			машин мікроавтобус бус= буса= фургон автомобіл літак рейс борт= трап аеропорт кордон паспорт гелікоптер`,
		'C': `суд= суду= суді= судом= судд суддя прокур генпрокур засідан апеляц слідств присяжн трибунал статт вердикт обвинувач звинувач підсудн адвокат вирок`,
		'K': `співкамерн камер= камері= камеру= ґрат барак таборі табір`,
		'R': `звідки втік втекла
			притул біженц міграц консул посольств еміграц вигнан`,
		'U': `зник зв'язку= мовчить де+він де+вона невідомо побачен вістей звістк`,
		'H': `бил= били= струмом= струм= зв'язал кров= шланг`,
		'T': `років= рік= роки=`,
		'S': `матч ліг= лізі гол= голів= чемпіонат турнір роман= фільм комед альбом виставк театр вистав концерт галере шах= шахи п'єс повість`,
		'X': `відправ
			передати передач передал передан поверн видат`,
		'G': `влад уряд мініст генпрокур мзс= держав`,
		'~': `режим конвоїри військові солдати наглядачі процес= затримання
			поліція поліції поліцейськ поліцію силовики прокурор прокурора прокуратур суд= слідчі слідчий слідство обвинувачен вирок тюремн конвоїр спецслужби колонію камеру камері окупанти`,
		'F': `просить просив вимагає отримав дали призначив`,
		'P': `роль ролі серіал детективі детектив= сюжет актор актрис`,
	},
	"ar": {
		'!': `جاثيا جاثية بندقية وراء+الزجاج فوهة الإسفلت
			مضربة+عن مضرب+عن إضراب طعن+ رفض+طعن رد+الطعن تدفع+نحو دفعت+نحو سيارة+جيب جيب+سود لم+تعد+إلى لم+يعد+إلى شمعت شمع+ ختم+بالشمع سلاسل كدمات متورم طرقوا+الباب حاجز جلاد اعتقاله اعتقالها
			محاكمة
			ثكنة ثكنات محاكمته محاكمتها النظام+يطالب يطالب+النظام بعودته مغادرة+البلاد مغادرة+البلد أنزلت+من أنزلوا انزلت القطار أي+اتصال لم+تتلق لم+يتلق كيس+على غطوا+رأس الإفراج+عن بالإفراج الإفراج+الفوري إطلاق+سراح بإطلاق+سراح سجين+رأي سجناء+الرأي معتقل+رأي معتقلي+الرأي تجميد+حساب تجميد+أموال إلغاء+جواز منطقة+العبور طلب+لجوء رفض+لجوء كمين استدرج متوار الهرب إعدامه جلدة بالجلد خيانة+عظمى الخيانة التجسس بالتجسس التطرف ازدراء قلب+نظام إثارة+الفتنة التحريض بالتحريض الإرهاب+ انفصال جروه سحلوا سحبوا مقيد مقيدة مقيدا كمموا قبو تهديد+السلاح كسروا+الباب خلعوا+الباب عند+الفجر فجر+ نقل+إلى+سجن نقلت+إلى+سجن حراسة+مشددة مذنب مذنبا إدانته منع+محام منعوا+المحام آخر+مرة مفقودة اختفائه اختفائها انقطاع+الاتصال
			لا+تعرف+عائلة لا+تعرف+شيئا شيئا+عنها شيئا+عنه استوقف فتشت فتش+ صادرت صودر تبحث+الشرطة الشرطة+تبحث البلد+الذي+هرب بلد+هرب هربت+منه هرب+منه مثلت+أمام مثل+أمام أمام+المحكمة قسم+الشرطة قائمة+الإرهاب قوائم+الإرهاب لائحة+الإرهاب القائمة+السوداء منعت+من+السفر منع+من+السفر ممنوع+من+السفر ممنوعة+من+السفر الحراس سجان سجانون غيابيا محكمة+عسكرية انتزاع+اعترافات اعتراف مكافأة+لمن إقامته+ألغ مستشفى+الأمراض+العقلية مسلحون مسلحين ملثمون ملثمين أخذوها أخذوه زوار+الفجر اقتحموا اعتقلوا قضبان نقل+إلى+السجن محبوس محبوسا رهن+التحقيق رهن+الاعتقال على+خلفية تحقيق+معه تحقيق+معها
			أصفاد اصفاد الأغلال أغلال مكبل كبل+يدا كبلت معصوب قفص+الاتهام قسرا قسري استجواب مؤبد إعدام اعدام فارون فار+من انقطعت+أخبار انقطعت+اخبار انقطع+الاتصال على+ذمة خاطف رهين رهائن فدية في+قبضة قبضة+الأمن مصيره مصيرها مجهول+المصير بلا+محام دون+محام
			إضراب+عن+الطعام إقامة+جبرية الإقامة+الجبرية السجن+المشدد وراء+القضبان جهة+مجهولة اقتادو اقتادت كبلو لائحة+الاتهام لائحة+اتهام حرس+السجن منفردة انفرادي أمسكت+دورية`,
		'A': `رجال=
			شرط الشرطة أمن= الأمن الامن عناصر قوات قوة+أمنية ملثم مسلح مدرع دورية جنود مخابرات استخبارات عسكر ضباط بلباس+مدني زي+مدني حاجز مباحث درك سلطات مجهولون`,
		'M': `دفعوا دفعوه دفع+ انتزع أمسك امسك سحب جروا طوق أخرج اخرج اصطحب أجبر اجبر أخذوا اخذوا داهم اقتحم سلم+ تسلم إعادة اعادة أصعد صادر فتش نقلوا نقل+ منع+من`,
		'V': `سفارة
			شاحنة+ تاكسي قطار
			سيارة حافلة شاحنة مركبة طائرة مطار حدود جواز مدرج لوحات معبر`,
		'C': `محكمة محاكم محاكمة نيابة قاض قاضي مدع+ المدعي جلسة حكم+ الحكم قضاء قضائي قضائية النقض استئناف تهم دعوى جنايات محام دفاع`,
		'K': `قضبان زنزان مخفر معسكر حجز ثكنة`,
		'R': `لجوء لاجئ هجرة قنصل سفارة بلده بلدها منفى`,
		'U': `مصير أخباره أخبارها اختفت صمت أين+ زيارة لا+يعرف`,
		'H': `ضرب ضربوا عذب قيد قيدوا كهرب دماء جلد`,
		'T': `سنوات= عاما= سنة= أعوام=`,
		'S': `مباراة دوري هدف أهداف بطولة رواية فيلم مسرحية ألبوم معرض حفل+موسيقي شطرنج كوميديا`,
		'X': `تعاد تعيد أعيدت إبعاد
			تسليم سلم+ سلمت إعادة اعادة إرجاع`,
		'G': `حكومة وزارة وزراء سلطات مجلس+الوزراء داخلية خارجية`,
		'~': `الحارس حارس+السجن
			الحراس
			النظام ميليشيا مليشيا الجنود المحققون قافلة حاجز+أمني سجانيه الأمن+
			من+السفر
			شرطة النيابة محكمة المحكمة القاضي المدعي+العام المخابرات الاستخبارات أمن+الدولة الأمن+الوطني الأجهزة+الأمنية السلطات قوات+الأمن حرس+الحدود`,
		'F': `تطالب طالب يواجه تواجه قضت`,
		'P': `دور+المحقق دور+ مسلسل رواية+بوليسية روايات+بوليسية روايتي+البوليسية ممثل`,
	},
	"fa": {
		'!': `زیر+نور زانو+زد تفنگ پشت+شیشه
			اعتصاب غذا+نمی اعتراضش اعتراض+رد رد+شد جیپ هل+داد برنگشت بازنگشت پلمب مهر+و+موم زنجیر غل+و+زنجیر کبود ورم+کرده ایست+بازرسی شکنجه‌گر ماه+حبس سال+حبس
			پادگان محاکمه+ حکومت+خواهان اجازه+خروج خروج+از+کشور تماس+نگرفت تماسی+نگرفت از+قطار پیاده+کرد از+هواپیما+پیاده کیسه+بر+سر سرش+را+پوش آزادی+فوری خواستار+آزادی خواهان+آزادی زندانی+سیاسی زندانی+عقیدتی حساب‌ها+مسدود اموال+مسدود گذرنامه+باطل منطقه+ترانزیت درخواست+پناهندگ کمین فریب+داد متواری مخفی+شد زندگی+مخفی تیرباران چوبه+دار دار+آویخ خیانت جاسوسی تبلیغ+علیه اقدام+علیه محارب افساد تجزیه‌طلب براندازی اغتشاش کشان‌کشان کشیدند بیرون+کشید دهان‌بند زیرزمین با+تهدید+اسلحه در+را+شکست سپیده‌دم بامداد منتقل+شد+به+زندان به+زندان به+سلول مجرم گناهکار محکومیت اجازه+ملاقات+ند ملاقات+با+وکیل آخرین+بار ناپدید+شد سر+به+نیست به+اسارت
			بی‌خبرند بی‌خبرند گشتند تفتیش خانه‌اش+را دنبال پلیس+دنبال گریخت بازگردانده گذرنامه‌اش نگهبانان کتک کلانتری سرنوشت سرنوشت+نامعلوم خبری+در+دست فهرست+تروریست لیست+سیاه غیابی دادگاه+نظامی اعتراف+اجباری اعترافات+اجباری وزارت+اطلاعات مردان+مسلح مرد+مسلح افراد+مسلح نقاب‌دار نقابدار هجوم+برد یورش+برد محبوس در+حبس بند+زنان بند+امنیتی ضرب‌وشتم ضرب+و+شتم تحویل+داد دیپورت جایزه+برای+سر
			دستبند دست‌بند چشم‌بند بازجو پشت+میله انفرادی کیفرخواست خبری+نیست بی‌خبری بی‌خبر وثیقه شلاق اعدام احضار فراری دست‌بسته دام+پلیس لباس+شخصی به+زور وادار+به+اعتراف بند+عمومی گروگان ربود آدم‌ربا ابد= سلول بازداشتگاه
			اعتصاب+غذا ممنوع‌الخروج حصر+خانگی نامعلوم چشم‌هایش+را+بست لباس‌شخصی`,
		'A': `مردان= مردانی=
			پلیس مامور مأمور سپاه اطلاعات نیروها نیروی امنیتی نقاب مسلح سرباز گشت= موتورسوار مقامات`,
		'M': `بردند می‌برند برد= ریختند یورش هجوم کشان سوار+ بازگردان منتقل تحویل زور= گرفتند بستند ضبط توقیف تفتیش`,
		'V': `سفارت
			کامیون تاکسی قطار
			ون= خودرو ماشین پرواز هواپیما فرودگاه مرز= گذرنامه اتوبوس`,
		'C': `دادگاه دادستان دادسرا شعبه حکم= قاضی محکمه وکیل اتهام تجدیدنظر دادرسی`,
		'K': `میله سلول بند= زندانبان اردوگاه قرنطینه`,
		'R': `پناهند مهاجرت تبعید سفارت کنسول کشورش`,
		'U': `کجاست= کجاست ملاقات تماسی خبری ناپدید سکوت`,
		'H': `کتک زدند ضرب+و چشم‌های خونین شکنجه`,
		'T': `سال= سالی=`,
		'S': `بازی+ لیگ گل= قهرمانی رمان فیلم نمایش آلبوم نمایشگاه کنسرت شطرنج کمدی`,
		'X': `تحویل بازگردان پس+فرستاد استرداد`,
		'G': `دولت وزارت مقامات حکومت ترکیه+ وزیر`,
		'~': `حکومت
			رژیم شبه‌نظامی نگهبان بازجویان سربازان زندان
			پلیس دادستانی دادگاه مأموران ماموران نیروی+انتظامی مرزبان مرزبانی`,
		'F': `خواست خواستار درخواست برید`,
		'P': `رمان+پلیسی سریال نقش+ فیلم+پلیسی بازیگر`,
	},
	"ug": {
		'!': `ئەيىب+قوي سوتلاي سوتلاش پاسپورتىنى+ئال پاسپورتىنى+ئېل باشلاپ+چىق باشلاپ+كەت تىز+پۈك مىلتىق ئەينەك+كەين
			قايتمىدى ئۆيىگە+قايتم پېچەتلەن زەنجىر كۆكەر ئاپېللىياتسىيە ئەرز+رەت
			يۆتكەل
			سوتى+باشل چەتئەلگە+چىق چىقىشى+چەكل چىقىش+چەكل تېلېفون+كەلم گازارما ھەربىي+گازارما پويىزدىن+چۈش ئايروپىلاندىن+چۈش خالتا+كىي قويۇپ+بېرىشنى قويۇپ+بېرىش+تەلەپ ۋىجدان+مەھبۇس سىياسىي+مەھبۇس مەھبۇس ھېساباتى+توڭلات پاسپورتى+بىكار پاناھلىق+تەلەپ قاپقان قېچىپ+يۈر ئۆلۈم+جازاسى ئېتىۋەت خائىنلىق جاسۇس بۆلگۈنچ تېررور ئەسەبىي ئاغدۇر قۇترات سۆرەپ باغلاپ ئىشىكنى+چاق تاڭ+سەھەر جىنايەت جىنايەتچى گۇناھكار ئەڭ+ئاخىرقى+قېتىم غايىب يوقاپ توسۇپ
			سوتقا+تارت
			نەدىلىكىنى+بىلم نەدىلىكى سوراق تارتىۋال تارتىۋالدى ئۆيى+ئاختۇر ئاختۇرۇل ئۇرۇلدى قارا+تىزىم تېررورچى+تىزىم گۇندىپاي قاراۋۇل ئىقرار چېگرادىن+چىق ساقچىخان گۇمانلىق سولاپ يىغىۋېل
			كويزا سولاق قىيىن+قىستاق قىيناق نەزەربەند كېسىل كېسىلدى قاچقۇن سوتلان سوتلىن ئەيىبنامە خەۋەر+يوق توك+قامچ ئەكېتىل ئەكەت ئەكېت زورلاپ گۆرۈ گۆرۈگە باندىت+قىل ئاچلىق+ئېلان ئۆلۈم+جازا ئۆمۈرلۈك تەقىب
			قارا+خالتا كويزىلى ئېلىپ+مېڭىپ نامەلۇم+جاي بۇلاپ ئىز+دېرەك يىغىۋېلىش`,
		'A': `ساقچى نىقابلىق خەۋپسىزلىك قوراللىق ئەسكەر ج+خ دۆلەت+بىخەتەرلىك پوستى كىشىلەر`,
		'M': `مەجبۇرىي ئېلىپ+چىق ئېلىپ+كەت ئېلىپ+كېت تارتىۋېل تارتىۋېلى ئاختۇر پېچەتلەن سۆرە باستۇر توسۇ يۆتكەل يۆتكە سېلىپ`,
		'V': `ماشىنا ماشىنى ئايروپىلان ئايرودروم چېگرا پاسپورت ئاپتوبۇس`,
		'C': `سوت= سوتى سوتتا سوتقا تەپتىش سودىيە ئەيىب ئەيىبلەن ئادۋوكات جازا ھۆكۈم`,
		'K': `كامېر قاماق تەربىيەلەش لاگېر`,
		'R': `پاناھلىق مۇھاجىر كۆچمەن ئەلچى كونسۇل`,
		'U': `قەيەردە نەدىلىك خەت= خەۋەر`,
		'H': `ئۇردى ئۇرۇپ ئۇرۇلغان قامچ`,
		'T': `يىل= يىللىق`,
		'S': `مۇسابىقە توپ= توپنى رومان فىلىم كىنو تىياتىر كۆرگەزمە كونسېرت شاھمات`,
		'X': `قايتۇر ئۆتكۈزۈپ تاپشۇر`,
		'G': `ھۆكۈمەت دائىرىلى مىنىستىر تەرەپ`,
		'~': `ھۆكۈمەت دائىرىلەر ئەسكەرلەر قاراۋۇللار سوراقچى تۈرمە
			ساقچى ساقچىلار سوت= دۆلەت+خەۋپسىزلىك`,
		'P': `رول= رولىنى سېرىيال دېتېكتىپ ئارتىس`,
	},
}

// sceneGlyphs are those of Chinese, both ways of writing.
var sceneGlyphs = map[byte]string{
	'!': `没有开过机 沒有開過機 关机至今 没有这个人 沒有這個人 没有窗 沒有窗 跪 枪指 步枪 步槍 玻璃后 玻璃後 监狱门 上诉 上訴 驳回 駁回 推向 吉普 没有回家 沒有回家 未归 未歸 锁链 鎖鏈 淤青 肿 腫 军营 軍營 送返 遣回 离境 離境 出境 喝茶 拉出去 拉了出去 拖出 塞进车 没接到 沒接到 没有电话 沒有電話 关了 關了 政治犯 良心犯 冻结账户 凍結賬戶 吊销护照 吊銷護照 过境区 庇护申请 庇護申請 拒绝庇护 埋伏 诱骗 誘騙 通敌 叛国 叛國 间谍 間諜 颠覆 顛覆 煽动 煽動 分裂 极端主义 極端主義 恐怖主义 恐怖主義 枪决 槍決 处决 處決 绞刑 绑 綁 地下室 凌晨带 凌晨被 转押 轉押 移送 有罪 罪成 不准会见 不准見 最后一次见 最後一次見 不知去向 去向不明 查抄 抄走 判监 判監 关进 關進 持枪 带出家门 帶出家門 联系不上 聯繫不上 拦下 攔下 扣下 交出 约谈 約談 恐怖分子名单 恐怖分子名單 黑名单 黑名單 送回 遣送 失去联系 失去聯繫 被控 控罪 定罪 缺席审判 缺席審判 军事法庭 軍事法庭 招供 供词 供詞 押往 派出所 公安局 警察局 警局 拘押 枪口 蒙眼 捆 打手 精神病院 强制 潜逃 潛逃 在押 收监 收監 铁窗 鐵窗 监房 監房 检方 檢方 刑罚 刑罰 起訴書 起诉书 逃亡 迫害 手铐 手銬 反铐 反銬 脚镣 腳鐐 锒铛 鋃鐺 刑讯 刑訊 逼供 再教育营 再教育營 获刑 獲刑 重判 死刑 无期 無期 被告席 音讯全无 音訊全無 杳无音 杳無音 下落不明 强押 強押 押回 押上 押走 强制措施 強制措施 护照没收 護照沒收 没收护照 沒收護照 护照被 護照被
		传唤 傳喚 审讯 審訊 讯问 訊問 牢房 狱中 獄中 坐牢 囚 黑头套 黑頭套 抓走 抓人 塞进 塞進 绑走 綁走 掳走 擄走 悬赏 懸賞 缉捕 緝捕 追捕 落网 落網 不许会见 不許會見 毒打 殴打 毆打 限制出境 禁止出境 移交 人质 人質 赎金 贖金 绝食 絕食 蒙面 被捕 捕获 抓获 抓獲 押在 羁 羈 集中营 集中營 消失 酷刑 看守 庭审 庭審 受审 受審 认罪 認罪 判了 被关 被關`,
	'A': `关员 關員 警方 警察 便衣 国保 國保 公安 特警 军警 軍警 士兵 民警 武警 国安 國安 情报 情報`,
	'M': `强行 強行 拖 按在地 破门 破門 搜查 抄家 封条 封條 拘`,
	'V': `出租车 出租車 火车 火車 卡车 卡車 面包车 麵包車 车上 車上 飞机 飛機 航班 机场 機場 边境 邊境 护照 護照 登机 登機 口岸`,
	'C': `法院 法庭 法官 检察 檢察 公诉 公訴 开庭 開庭 宣判 判决 判決 被告 罪名 诉讼 訴訟 律师 律師`,
	'K': `监狱 監獄 牢 狱 獄 营地`,
	'R': `庇护 庇護 难民 難民 移民署 移民局 使馆 使館 原籍 领事 領事`,
	'U': `在哪里 在哪裡 在哪儿 下落 音讯 音訊 会见 會見 关机 關機 沉默`,
	'H': `打伤 打傷 电击 電擊`,
	'T': `年`,
	'S': `比赛 比賽 联赛 聯賽 进球 進球 小说 小說 电影 電影 喜剧 喜劇 展览 展覽 音乐会 音樂會 围棋 圍棋 象棋 画展 畫展`,
	'~': `当局 當局 政权 政權 武装人员 武裝人員 民兵 审 審 刑 嫌疑`,
	'F': `判 求刑 面临 面臨`,
	'P': `舞台剧 舞臺劇 饰 飾 剧中 劇中 片中 侦探小说 偵探小說 角色`,
}

// freeTags are what hashtags ask for somebody, in any language, small: free, where is,
// bring back.
var freeTags = words(`free libérez liberez libertad liberen liberad freiheit freelass özgür serbest nerede свободу свобода волю звільніть الحرية أطلقوا افرجوا أفرجوا أنقذوا آزاد ازاد 释放 釋放 放人 ئەركىن قويۇپ whereis bringback save dóndeestá dondeesta aparicionconvida oùest ouest где де_ أين کجاست disappeared missing`)

// whereWords ask where somebody is.
var whereWords = set(`where où dónde donde wo nerede nerde где де أين اين کجاست کجا قەيەردە نەدە`)

// lawyers are who speak for others, by stems, and told those whom they speak for, or that
// they speak: where both stand around a name, the danger is mostly the other's.
var (
	lawyers      = words(`lawyer solicitor barrister counsel attorney advocate avocat me maître abogad letrad anwalt anwält rechtsanw verteidig avukat адвокат защитни захисни محام وکیل ئادۋوكات`)
	clients      = words(`client mandant defendid patrocinad müvekkil подзащитн доверител підзахисн موكل موکل said says told dit déclar martel affirm pidió dijo afirm sagte sagt dedi diyen açıkla заявил заяви сказал прокомент сказав قال گفت دېدى ئېيت jury appeal`)
	clientGlyphs = []string{"当事人", "當事人", "表示", "说", "說"}
)

// Where a title of a work stands in quotation marks, a word like these stands beside it.
var workWords = words(`novel film movie play comedy thriller drama series song album book exhibition roman pièce comédie livre chanson novela película comedia libro obra canción komödie buch stück lied krimi oyun kitap roman dizi şarkı фильм роман комеди спектакл книг повест песн пьес фільм п'єс вистав пісн رواية فيلم مسرحية كتاب أغنية ديوان فیلم نمایش کتاب رمان ترانه ھېكايە رومان فىلىم كىتاب ناخشا`)
